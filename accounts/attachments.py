"""Files of a customer: what may be kept, told by content and not by name, where it lies, and the nightly sweep."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Activity, Attachment, Ringi
from tenants.editing import register
from tenants.editing.fields import EditField, clean_text
from tenants.scope import current_member, current_tenant
from ui.exports import attachment as as_download

LARGEST = 20 * 1024 * 1024
HEAD = 64 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
WRITTEN = _("PDF、Word、Excel、PowerPoint、画像、テキスト、CSV")

Told = Callable[[bytes, BinaryIO], bool]


def begins(*marks: bytes) -> Told:
    return lambda head, _file: head.startswith(marks)


def is_webp(head: bytes, _file: BinaryIO) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def is_office(folder: str) -> Told:
    """A zip archive that is a document of Office, without macros; nothing in it is unpacked."""

    def told(head: bytes, file: BinaryIO) -> bool:
        if not head.startswith(b"PK\x03\x04"):
            return False
        try:
            names = zipfile.ZipFile(file).namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        has_macros = any(name.endswith("vbaProject.bin") for name in names)
        is_document = "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
        return is_document and not has_macros

    return told


def is_text(head: bytes, _file: BinaryIO) -> bool:
    """Readable as Japanese text; a character may be cut at the end of what was looked at."""
    if b"\x00" in head:
        return head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return any(decodes(head, encoding) for encoding in ("utf-8", "cp932", "euc_jp"))


def decodes(head: bytes, encoding: str) -> bool:
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        return len(head) == HEAD and error.start > len(head) - 4
    return True


OLE = begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"))
"""What old documents of Office call the folder or stream in which they keep macros; their names stand there in UTF-16."""


def is_old_office(head: bytes, file: BinaryIO) -> bool:
    """An old document of Office without macros."""
    if not OLE(head, file):
        return False
    file.seek(0)
    content = file.read()
    return not any(name in content for name in MACROS)


ALLOWED: dict[str, tuple[str, Told]] = {
    ".pdf": ("application/pdf", begins(b"%PDF-")),
    ".docx": (OFFICE + "wordprocessingml.document", is_office("word/")),
    ".xlsx": (OFFICE + "spreadsheetml.sheet", is_office("xl/")),
    ".pptx": (OFFICE + "presentationml.presentation", is_office("ppt/")),
    ".doc": ("application/msword", is_old_office),
    ".xls": ("application/vnd.ms-excel", is_old_office),
    ".ppt": ("application/vnd.ms-powerpoint", is_old_office),
    ".png": ("image/png", begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", begins(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", begins(b"\xff\xd8\xff")),
    ".gif": ("image/gif", begins(b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", is_webp),
    ".txt": ("text/plain", is_text),
    ".csv": ("text/csv", is_text),
    ".tsv": ("text/tab-separated-values", is_text),
    ".md": ("text/markdown", is_text),
}


def kind_of(name: str, file: BinaryIO) -> str:
    """The type of the content; ValidationError where the content is not what the name says, or is not kept here."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in ALLOWED:
        raise ValidationError(
            _now("この種類のファイルは置けません。置けるのは%(kinds)sです") % {"kinds": WRITTEN}
        )
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise ValidationError(_now("ファイルが空です"))
    mime, told = ALLOWED[suffix]
    if not told(head, file):
        words = _now(
            "中身が「%(suffix)s」のファイルではありません。壊れているか、マクロを含むか、名前が違います"
        )
        raise ValidationError(words % {"suffix": suffix})
    file.seek(0)
    return mime


def place(account: Account, at: str) -> dict[str, Any]:
    """What a file hangs on, of this account only, as a page or a program names it: ``ringi:<id>``, ``activity:<id>``."""
    kind, _sep, pk = at.partition(":")
    found: dict[str, Any] = {"activity": None, "ringi": None}
    if not at:
        return found
    model = {"activity": Activity, "ringi": Ringi}.get(kind)
    try:
        found[kind] = model.objects.get(pk=pk, account=account) if model else None
    except (ValidationError, ValueError, Activity.DoesNotExist, Ringi.DoesNotExist):
        found[kind] = None
    if model is None or found[kind] is None:
        raise ValidationError(_now("付ける先がありません。選び直してください"))
    return found


def given_out(attachment: Attachment) -> HttpResponse:
    """The file as a download, never shown by the browser: whatever it holds, it runs nothing here. Read whole, because
    nothing of a tenant is streamed."""
    try:
        with default_storage.open(attachment.stored_as) as stored:
            answer = HttpResponse(stored.read(), content_type=attachment.content_type, headers=HEADERS)
    except FileNotFoundError:
        raise Http404 from None
    answer["Content-Disposition"] = as_download(attachment.name)
    return answer


def keep(account: Account, upload: Any, *, activity: Activity | None, ringi: Ringi | None) -> Attachment:
    """The file under a name of our own, then its row: what breaks off in between is swept away at night."""
    name = named(upload.name or "")
    if upload.size > LARGEST:
        words = {"most": filesizeformat(LARGEST), "size": filesizeformat(upload.size)}
        raise ValidationError(_now("%(most)sまでです。このファイルは%(size)sあります") % words)
    content_type = kind_of(name, upload.file)
    stored_as = default_storage.save(f"{folder()}/{uuid4().hex}", upload)
    return Attachment.objects.create(  # type: ignore[no-any-return]
        account=account,
        activity=activity,
        ringi=ringi,
        name=name,
        size=upload.size,
        content_type=content_type,
        stored_as=stored_as,
        added_by=current_member(),
    )


def named(name: str) -> str:
    """What it was called, without the way to it and without what no name holds."""
    last = PurePath(clean_text(name).replace("\\", "/")).name
    return "".join(char for char in last if char.isprintable())[-255:]


def folder() -> str:
    return f"attachments/{current_tenant().pk}"


def sweep(older_than: datetime) -> int:
    """Remove the files whose row is gone, or never came; gives how many. Younger ones may still be on their way."""
    if not default_storage.exists(folder()):
        return 0
    known = set(Attachment.everything.values_list("stored_as", flat=True))
    paths = [f"{folder()}/{name}" for name in default_storage.listdir(folder())[1]]
    strays = [p for p in paths if p not in known and default_storage.get_modified_time(p) < older_than]
    for path in strays:
        default_storage.delete(path)
    return len(strays)


def renamed(typed: str, attachment: Attachment) -> str:
    """Another name; what kind of file it is stays in its ending."""
    name, suffix = named(typed), PurePath(attachment.name).suffix
    if not name or name == suffix:
        raise ValidationError(_("ファイル名を入力してください"))
    return name if PurePath(name).suffix.lower() == suffix.lower() else f"{name}{suffix}"[-255:]


register(
    "attachment",
    Attachment,
    EditField(
        key="name",
        label=_("ファイル名"),
        parse=renamed,
        raw=str,
        show=lambda value, _record: str(value),
    ),
    action="activity.write",
    label=_("ファイル"),
)
