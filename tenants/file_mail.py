"""Mails that no SMTP server took: files in the operator's folder, written by Django one after another."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings

RULE = b"-" * 79 + b"\n"  # what Django's file backend writes after each mail


def folder() -> Path:
    return Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.HOME / "mail")


def kept() -> list[dict[str, str]]:
    """Every mail, the newest first."""
    found = [mail for file in folder().glob("*.log") for mail in mails_in(file)]
    return sorted(found, key=lambda mail: mail["at"], reverse=True)


def mails_in(file: Path) -> list[dict[str, str]]:
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
    texts = [text for text in file.read_bytes().split(RULE) if text.strip()]
    return [{"at": at, **opened(text), "file": file.name} for text in texts]


def opened(text: bytes) -> dict[str, str]:
    message = message_from_bytes(text, policy=policy.default)
    body = message.get_body(("plain",))
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "body": body.get_content() if body else "",
    }


def forget(addresses: set[str], slug: str, *, really: bool = True) -> int:
    """Take away mails to these addresses and those that lead into the tenant; gives how many there were."""
    gone = 0
    for file in folder().glob("*.log"):
        texts = [text for text in file.read_bytes().split(RULE) if text.strip()]
        left = [text for text in texts if not concerns(opened(text), addresses, slug)]
        gone += len(texts) - len(left)
        if really and not left:
            file.unlink()
        elif really and len(left) < len(texts):
            file.write_bytes(b"".join(text + RULE for text in left))
    return gone


def concerns(mail: dict[str, str], addresses: set[str], slug: str) -> bool:
    return mail["to"].lower() in addresses or f"/t/{slug}/" in mail["body"]
