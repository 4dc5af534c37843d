"""One style sheet and one script out of many small files, made whenever static files are looked up.

The folder is the cascade layer: `static/css/components/badge.css` lands in `@layer components`, and so does
every file another room adds there. Scripts share one module scope, `lib/` first, each element in a block of its
own. `BundleFinder` hands both to `collectstatic`, to whitenoise and to the development server alike.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

LAYERS = ("reset", "tokens", "base", "layout", "components", "screens", "utilities", "print")
SHEET = "css/masume.css"
SCRIPT = "js/masume.js"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"^\s+", re.MULTILINE)


def sheet(roots: list[Path]) -> str:
    """All style sheets below `<root>/css` as one text, in the order of the layers."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        files = [*_files(roots, f"css/{layer}.css"), *_files(roots, f"css/{layer}/**/*.css")]
        rules = "\n".join(_squeezed(file.read_text("utf-8")) for file in files)
        parts.append(f"@layer {layer} {{\n{rules}\n}}")
    return "\n".join(parts) + "\n"


def script(roots: list[Path]) -> str:
    """All scripts below `<root>/js` as one module: helpers at its top, every element in its own block."""
    helpers = [file.read_text("utf-8") for file in _files(roots, "js/lib/*.js")]
    elements = [f"{{\n{file.read_text('utf-8')}}}" for file in _files(roots, "js/elements/*.js")]
    return "\n".join([*helpers, *elements]) + "\n"


class BundleFinder(BaseFinder):
    """Finds the two bundles as if they were files of the project; rebuilds them when a source is newer."""

    sources = {SHEET: ("css/**/*.css", sheet), SCRIPT: ("js/**/*.js", script)}

    def __init__(self, app_names: list[str] | None = None) -> None:
        self.roots = [Path(root) for root in settings.STATICFILES_DIRS]
        self.storage = FileSystemStorage(location=_built_in())

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False) -> Any:
        if path not in self.sources:
            return []
        built = str(self._build(path))
        return [built] if find_all else built

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in self.sources:
            self._build(path)
            yield path, self.storage

    def _build(self, path: str) -> Path:
        pattern, join = self.sources[path]
        target = Path(self.storage.path(path))
        newest = max((file.stat().st_mtime for file in _files(self.roots, pattern)), default=0)
        if not target.exists() or target.stat().st_mtime <= newest or settings.DEBUG:
            target.parent.mkdir(parents=True, exist_ok=True)
            _replace(target, join(self.roots))
        return target


def _files(roots: list[Path], pattern: str) -> list[Path]:
    return [file for root in roots for file in sorted(root.glob(pattern))]


def _squeezed(css: str) -> str:
    return INDENT.sub("", COMMENT.sub("", css)).strip()


def _built_in() -> Path:
    return Path(
        getattr(settings, "BUNDLE_ROOT", None) or Path(tempfile.gettempdir()) / f"masume-{os.getuid()}"
    )


def _replace(target: Path, text: str) -> None:
    # Two web workers may build at once: write aside, then rename.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as aside:
        aside.write(text)
    Path(aside.name).chmod(0o644)
    Path(aside.name).replace(target)
