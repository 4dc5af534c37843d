"""What comes from outside, and what must not go out: pinned dependencies with hashes, known licences, no secrets."""

import re
import subprocess
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PINNED = re.compile(r"([A-Za-z0-9._-]+)(\[[a-z0-9,._-]+\])?==(\S+)((?: *;.*)?)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
FREE = ("MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL", "Mozilla", "LGPL", "Unlicense", "HPND", "Zope", "Public Domain", "0BSD", "PostgreSQL", "Artistic")  # fmt: skip
KNOWN = {"axe-playwright-python": "MIT"}
"""Distributions whose metadata does not tell: name, what their own files say."""
SECRET = {
    "private key": re.compile(r"-----BEGIN (?:RSA |EC |OPENSSH |PGP )?PRIVATE KEY"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token": re.compile(r"\b(?:ghp|gho|ghs|github_pat|xox[abp]|glpat|sk_live|masume)_[A-Za-z0-9_-]{30,}"),
    "address of an index": re.compile(r"--(?:extra-)?index-url|--trusted-host"),
}


def logical_lines(lock: Path) -> list[str]:
    text = lock.read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_dependency_is_pinned_with_hashes_and_names_no_index(lock: Path) -> None:
    lines = logical_lines(lock)
    assert lines
    for line in lines:
        assert PINNED.match(line) and HASH.search(line), line[:120]
        assert "://" not in line, line[:120]


def locked() -> set[str]:
    return {
        plain(found[1]) for lock in LOCKS for line in logical_lines(lock) if (found := PINNED.match(line))
    }


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: Distribution) -> str:
    meta = found.metadata
    classifiers = [text for text in meta.get_all("Classifier", []) if text.startswith("License")]
    told = [meta.get("License-Expression"), *classifiers, (meta.get("License") or "").split("\n")[0]]
    return "; ".join(text for text in told if text) or KNOWN.get(plain(meta["Name"]), "")


def test_every_dependency_has_a_licence_that_we_may_ship() -> None:
    ours = locked()
    told = {plain(each.metadata["Name"]): licence_of(each) for each in distributions()}
    unknown = {name: text for name, text in told.items() if name in ours and not any(f in text for f in FREE)}
    assert unknown == {}
    assert len(ours & told.keys()) > 30


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0")[:-1]
    return [ROOT / name for name in names] or [
        p for p in ROOT.rglob("*") if p.is_file() and ".masume" not in p.parts
    ]


def test_no_file_of_the_repository_holds_a_secret_or_names_an_index() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__) or not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(errors="replace")
        found += [f"{path.relative_to(ROOT)}: {kind}" for kind, seen in SECRET.items() if seen.search(text)]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("private key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"),
        ("cloud key", "AKIA" + "ABCDEFGHIJKLMNOP"),
        ("token", "ghp_" + "a1B2" * 9),
        ("address of an index", "--index" + "-url=x"),
    ],
)
def test_the_search_sees_what_it_looks_for(kind: str, text: str) -> None:
    assert SECRET[kind].search(text)
