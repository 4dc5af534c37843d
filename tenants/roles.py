from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in a tenant (PRODUCT section 1)."""

    ADMIN = "admin", _("管理者")
    MANAGER = "manager", _("マネージャー")
    CSM = "csm", _("CSM")
    SALES = "sales", _("営業")
    CONTRIBUTOR = "contributor", _("協力")
    VIEWER = "viewer", _("閲覧")
    GUEST = "guest", _("顧客")
