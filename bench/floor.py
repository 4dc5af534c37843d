"""The least a signed-in page of a tenant can cost: a Django of its own, with nothing that is not needed.

Session and user from the database, the tenant's look-up, a transaction, ``set_config``, the indexed rows and a plain
template; no permissions, no row-level security, no history, no words. Gunicorn loads ``bench.floor:application``
beside the product, so both pass the same server; the connection comes from PGHOST, PGDATABASE and their like, whose
search path is the schema ``floor``. ``python -m bench.floor`` makes the tables of users and sessions.
"""

import os
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django
from django.conf import settings

BASE = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>Floor</title></head><body><nav>
<a href="/">今日</a><a href="/accounts/">アカウント</a></nav><main>{% block body %}{% endblock %}</main></body></html>"""
LIST = """{% extends "base.html" %}{% block body %}<table><tbody>{% for a in rows %}
<tr id="a{{ a.id }}"><td><a href="/accounts/{{ a.id }}/">{{ a.name }}</a></td><td>{{ a.stage }}</td><td>{{ a.tier }}</td>
<td>{{ a.arr }}</td><td class="{% if a.score < 50 %}risk{% elif a.score < 70 %}caution{% else %}good{% endif %}">
{{ a.score }}</td><td>{{ a.renews_on|date:"Y/m/d" }}</td><td>{{ a.industry }}</td></tr>{% endfor %}</tbody></table>{% endblock %}"""
DETAIL = """{% extends "base.html" %}{% block body %}<h1>{{ a.name }}</h1><p>{{ a.stage }} {{ a.tier }} {{ a.arr }} {{ a.score }}
{{ a.renews_on|date:"Y/m/d" }}</p><ul>{% for p in people %}<li>{{ p.name }} {{ p.title }}</li>{% endfor %}</ul>
<ol>{% for n in notes %}<li>{{ n.on|date:"Y/m/d" }} {{ n.kind }} {{ n.title }}</li>{% endfor %}</ol>{% endblock %}"""
CONTRIB = "django.contrib."

settings.configure(
    SECRET_KEY="floor" * 10,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["PGDATABASE"],
            "CONN_MAX_AGE": 600,
        }
    },
    INSTALLED_APPS=[CONTRIB + app for app in ("contenttypes", "auth", "sessions", "messages")],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        CONTRIB + "sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        CONTRIB + "auth.middleware.AuthenticationMiddleware",
        CONTRIB + "messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            (
                                "django.template.loaders.locmem.Loader",
                                {"base.html": BASE, "list.html": LIST, "detail.html": DETAIL},
                            )
                        ],
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    CONTRIB + "auth.context_processors.auth",
                ],
            },
        }
    ],
)
django.setup()

from django.contrib.auth import login  # noqa: E402  Django has to be set up first
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

TABLES = """
CREATE TABLE floor.account (id uuid PRIMARY KEY, tenant int NOT NULL, name text NOT NULL, stage text NOT NULL,
  tier text NOT NULL, industry text NOT NULL, arr bigint NOT NULL, score int NOT NULL, renews_on date NOT NULL);
CREATE TABLE floor.person (id uuid PRIMARY KEY, account_id uuid NOT NULL, name text NOT NULL, title text NOT NULL);
CREATE TABLE floor.note (id uuid PRIMARY KEY, account_id uuid NOT NULL, "on" date NOT NULL, kind text NOT NULL,
  title text NOT NULL);
CREATE INDEX ON floor.account (tenant, name, id);
CREATE INDEX ON floor.person (account_id);
CREATE INDEX ON floor.note (account_id, "on" DESC);
"""


class Account(models.Model):
    id = models.UUIDField(primary_key=True)
    tenant = models.IntegerField()
    name = models.TextField()
    stage = models.TextField()
    tier = models.TextField()
    industry = models.TextField()
    arr = models.BigIntegerField()
    score = models.IntegerField()
    renews_on = models.DateField()

    class Meta:
        app_label, managed, db_table = "floor", False, "account"


class Person(models.Model):
    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE)
    name = models.TextField()
    title = models.TextField()

    class Meta:
        app_label, managed, db_table = "floor", False, "person"


class Note(models.Model):
    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE)
    on = models.DateField()
    kind = models.TextField()
    title = models.TextField()

    class Meta:
        app_label, managed, db_table = "floor", False, "note"


def enter(request: HttpRequest) -> HttpResponse:
    user, _made = User.objects.get_or_create(username="floor")
    user.groups.set([Group.objects.get_or_create(name="tenant")[0]])
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    return HttpResponse("ok")


def in_tenant(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    def inside(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponse(status=403)
        tenant = request.user.groups.values_list("id", flat=True).first()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
            return view(request, **kwargs)

    return inside


def account_list(request: HttpRequest) -> HttpResponse:
    found = Account.objects.filter(tenant=1)
    if text := request.GET.get("q"):
        found = found.filter(name__icontains=text)
    return render(request, "list.html", {"rows": found.order_by("name", "id")[:50]})


def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "detail.html", {
        "a": Account.objects.get(tenant=1, pk=pk),
        "people": Person.objects.filter(account_id=pk)[:20],
        "notes": Note.objects.filter(account_id=pk).order_by("-on")[:20],
    })  # fmt: skip


def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    Account.objects.filter(tenant=1, pk=pk).update(industry=f"業種{random.random()}")
    return HttpResponse("ok")


urlpatterns = [
    path("enter/", enter),
    path("accounts/", in_tenant(account_list)),
    path("accounts/<uuid:pk>/", in_tenant(account)),
    path("save/<uuid:pk>/", in_tenant(save)),
]
application = get_wsgi_application()

if __name__ == "__main__":
    from django.core.management import call_command

    with connection.cursor() as made:
        made.execute("CREATE SCHEMA floor; GRANT USAGE ON SCHEMA floor TO PUBLIC;" + TABLES)
        made.execute("GRANT INSERT ON floor.account, floor.person, floor.note TO PUBLIC")
    call_command("migrate", verbosity=0)
