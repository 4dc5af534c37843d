from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.fields import UUIDv7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person whose address somebody vouches for: an accepted invitation, an operator, the demo."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        user.vouch_for_address()
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. What they may do is said by their memberships, never here."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    email = models.EmailField(_("メールアドレス"), unique=True)
    name = models.CharField(_("お名前"), max_length=80)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def vouch_for_address(self) -> None:
        """No code needs to be mailed to this address before the person may sign in."""
        from allauth.account.models import EmailAddress  # its models need ours to be loaded

        EmailAddress.objects.update_or_create(
            user=self, email=self.email, defaults={"verified": True, "primary": True}
        )

    def get_full_name(self) -> str:
        return self.name
