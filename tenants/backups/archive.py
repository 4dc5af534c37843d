"""The one file of a backup: written and read as a stream, never held in memory."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tenants.backups import Refused
from tenants.backups.manifest import Manifest

DUMP, MANIFEST, SEAL, MEDIA = "database.dump", "manifest.json", "manifest.sha256", "media/"
CHUNK = 1 << 20
FORMAT = 1


class Writer:
    """Members are written as they come: their headers are filled in when their size is known."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.file, self.path = file, path
        self.members: dict[str, list[Any]] = {}

    def add(self, name: str, source: IO[bytes]) -> None:
        """``source`` until its end."""
        start, size, digest = self.file.tell(), 0, hashlib.sha256()
        info = tarfile.TarInfo(name)
        info.mode = 0o600
        self.file.write(info.tobuf(tarfile.GNU_FORMAT))
        while chunk := source.read(CHUNK):
            self.file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self.file.write(b"\0" * (-size % tarfile.BLOCKSIZE))
        end = self.file.tell()
        info.size = size
        self.file.seek(start)
        self.file.write(info.tobuf(tarfile.GNU_FORMAT))
        self.file.seek(end)
        self.members[name] = [size, digest.hexdigest()]

    def close(self, manifest: Manifest) -> None:
        """The manifest goes last, and its own checksum after it: where they stand, all before them is whole."""
        manifest.files = dict(self.members)
        text = json.dumps({"format": FORMAT, **manifest.as_dict()}, ensure_ascii=False, indent=1)
        self.add(MANIFEST, io.BytesIO(text.encode()))
        self.add(SEAL, io.BytesIO(self.members[MANIFEST][1].encode()))
        self.file.write(b"\0" * 2 * tarfile.BLOCKSIZE)
        self.file.flush()


@contextmanager
def written(target: Path) -> Iterator[Writer]:
    """A new file at ``target`` when the block ends well, and none otherwise; it survives a power cut."""
    part = target.with_name(target.name + ".part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as problem:
        raise Refused(f"{part} に書けません({problem.strerror})。") from None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield Writer(file, part)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """A backup that is whole: its manifest was read and every checksum compared."""

    def __init__(self, path: Path) -> None:
        try:
            self.tar = tarfile.open(path)  # noqa: SIM115 – read until the process ends
            self.manifest = self.check()
        except FileNotFoundError:
            raise Refused(f"{path} がありません。") from None
        except (tarfile.TarError, OSError, KeyError, ValueError, TypeError) as problem:
            raise Refused(f"{path} は Masume の控えではないか、壊れています({problem})。") from None

    def check(self) -> Manifest:
        text = self.open(MANIFEST).read()
        if hashlib.sha256(text).hexdigest().encode() != self.open(SEAL).read():
            raise ValueError(f"{MANIFEST} が書いたときと違います")
        facts = json.loads(text)
        if facts.pop("format") != FORMAT:
            raise ValueError("新しい版の控えです")
        manifest = Manifest(**facts)
        for name, (size, digest) in manifest.files.items():
            found = hashlib.sha256()
            with self.open(name) as file:
                while chunk := file.read(CHUNK):
                    found.update(chunk)
            if found.hexdigest() != digest or self.tar.getmember(name).size != size:
                raise ValueError(f"{name} の中身が書いたときと違います")
        if DUMP not in manifest.files:
            raise ValueError(f"{DUMP} がありません")
        return manifest

    def open(self, name: str) -> IO[bytes]:
        file = self.tar.extractfile(name)
        if file is None:
            raise ValueError(f"{name} はファイルではありません")
        return file

    def media(self) -> list[str]:
        """The names of uploaded files, relative to the folder of uploads; none leads out of it."""
        names = [name.removeprefix(MEDIA) for name in self.manifest.files if name.startswith(MEDIA)]
        return [name for name in names if not (Path(name).is_absolute() or ".." in Path(name).parts)]
