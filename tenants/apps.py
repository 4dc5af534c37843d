from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        from tenants import grants, jobs
        from tenants.permissions import may
        from ui import navigation

        navigation.allowed_by(lambda request, action: may(getattr(request, "member", None), action))
        jobs.load()
        post_migrate.connect(grants.grant_rights, sender=self, dispatch_uid="tenants.grant_rights")
