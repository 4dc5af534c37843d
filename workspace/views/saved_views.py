from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants.permissions import action
from ui.pages import go, toast_next
from workspace.account_list.query import ListQuery
from workspace.models import SavedView


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SavedView
        fields = ("name", "is_shared")


@action("self.use")
@require_POST
def view_add(request: Any) -> HttpResponse:
    """Keep the present filters and order under a name; the same name again replaces one's own view.

    The values come from the form, or from the address when somebody takes a removal back.
    """
    given = request.POST if "name" in request.POST else request.GET
    form = SavedViewForm(given)
    if not form.is_valid():
        message = next(iter(form.errors.values()))[0]
        return HttpResponse(message, status=422, content_type="text/plain; charset=utf-8")
    values = {
        "query": ListQuery.read(given, request.member).address(),
        "is_shared": form.cleaned_data["is_shared"],
    }
    view = keep(request.member, form.cleaned_data["name"], values)
    toast_next(request, _("表示「%(name)s」を保存しました") % {"name": view.name})
    return go(request, reverse("workspace:account_index") + view.address)


def keep(member: Any, name: str, values: dict[str, Any]) -> SavedView:
    own = SavedView.objects.filter(member=member, name=name)
    if not own.update(**values):
        try:
            with transaction.atomic():
                return SavedView.objects.create(member=member, name=name, **values)
        except IntegrityError:  # saved twice at the same moment
            own.update(**values)
    return own.get()


@action("self.use", SavedView)
@require_POST
def view_remove(request: Any, view: SavedView) -> HttpResponse:
    """Only one's own; the toast saves it again."""
    if view.member_id != request.member.pk:
        raise Http404
    again = {"name": view.name, **({"is_shared": "on"} if view.is_shared else {})}
    undo = f"{reverse('workspace:view_add')}?{urlencode(again)}&{view.query}"
    toast_next(request, _("表示「%(name)s」を消しました") % {"name": view.name}, undo=undo)
    view.delete()
    return go(request, reverse("workspace:account_index"))
