"""PostgreSQL refuses to run as root: which user (or user namespace) it gets, and whether that one can see a path."""

import os
import pwd
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")


@dataclass(frozen=True)
class Account:
    """How to start a program under an account: words before its command, and options of Popen."""

    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def runs(self, *command: str | Path) -> bool:
        """Whether the command ends well under this account."""
        words = [*self.prefix, *map(str, command)]
        try:
            return subprocess.run(words, capture_output=True, cwd="/", **self.options).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def enters(self, folder: Path) -> bool:
        return self.runs("/bin/sh", "-c", 'cd "$0"', folder)

    def give(self, folder: Path) -> None:
        """Makes a private folder that belongs to this account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if "user" in self.options:
            os.chown(folder, self.options["user"], self.options["group"])


def choose(data: Path) -> Account:
    """The account for a data folder: the one it belongs to, else `nobody`, else a user namespace."""
    if os.geteuid() != 0:
        return Account()
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else None
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        return Account(NAMESPACE)
    dropped = Account((), {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})
    if owner != 0 and dropped.runs("/bin/sh", "-c", "true"):
        return dropped
    return Account(NAMESPACE)
