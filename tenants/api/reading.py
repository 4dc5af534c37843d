"""Reading a body: strict UTF-8, strict JSON, one object, no value that PostgreSQL could not keep."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from tenants.api.problems import Fault, Problem, unreadable
from tenants.api.shapes import Shape
from tenants.editing.fields import clean_text


class OnlyJSON(BaseContentNegotiation):
    """The API answers JSON, whatever the header Accept says."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class StrictJSON(BaseParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = parser_context["request"]._request.body  # unlike the stream, it knows the limit of a body
        try:
            return json.loads(
                raw.decode("utf-8"),
                parse_float=_number,
                parse_constant=_refuse,
                object_pairs_hook=_without_doubles,
            )
        except UnicodeDecodeError:
            raise unreadable(_("本文がUTF-8ではありません")) from None
        except RecursionError:
            raise unreadable(_("本文の入れ子が深すぎます")) from None
        except ValueError as error:  # JSONDecodeError, and numbers of more than 4,300 digits
            where = f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
            raise unreadable(_("本文をJSONとして読めません") + where) from None


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None


def _refuse(name: str) -> None:
    raise ValueError(name)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same key twice")
    return found


def body_of(request: Request, *, optional: bool = False) -> dict[str, Any]:
    """The object that was sent; where it is ``optional``, nothing sent is an empty one."""
    data = request.data
    if not request._request.body:
        if optional:
            return {}
        raise unreadable(_("本文がありません"))
    if not isinstance(data, dict):
        raise unreadable(_("本文には、JSONのオブジェクトを1つ送ってください"))
    return dict(data)


def texts_of(
    body: Mapping[str, Any], shapes: Mapping[str, Shape], *, read_only: Iterable[str] = ()
) -> dict[str, Any]:
    """What a person would have typed for each key of ``body``; refuses keys and kinds of values that are not known."""
    faults, texts = [], {}
    for key, value in body.items():
        try:
            texts[key] = shapes[key].text(value) if key in shapes else refuse_key(key, read_only)
        except ValidationError as error:
            faults.append(Fault.at(printable(key), error.messages[0]))
    if faults:
        raise Problem.invalid(*faults)
    return texts


def refuse_key(key: str, read_only: Iterable[str]) -> NoReturn:
    if key in read_only:
        raise ValidationError(_("この項目は読むだけです。送らないでください"))
    clean_text(key)
    raise ValidationError(_("そのような項目はありません"))


def printable(key: str) -> str:
    """A key that somebody made up, fit to be sent back."""
    return key.encode("utf-8", "replace").decode()[:80]
