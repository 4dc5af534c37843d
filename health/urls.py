from django.urls import path

from health.views import accounts

app_name = "health"
urlpatterns = [
    path("accounts/<uuid:pk>/health/", accounts.account_health, name="account_health"),
]
