"""One sheet and one script out of many files; rules for what those files may hold."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from ui import bundles

STATIC = Path(settings.ROOT) / "static"
TEMPLATES = [
    path
    for folder in ("templates",)
    for path in sorted((Path(settings.ROOT) / folder).rglob("*.html"))
    if "mail" not in path.parts and "email" not in path.parts
]
NAMES = {path: str(path.relative_to(settings.ROOT)) for path in TEMPLATES}


def test_the_folder_is_the_layer(tmp_path: Path) -> None:
    for name, rule in {"components/b.css": ".b {}", "screens/a.css": ".a {}", "base.css": "p {}"}.items():
        file = tmp_path / "css" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"/* why */\n{rule}\n")
    text = bundles.sheet([tmp_path])
    assert text.startswith("@layer reset, tokens, base, layout, components, screens, utilities, print;")
    assert "why" not in text
    assert re.search(r"@layer base \{\s*p \{\}\s*\}", text)
    assert re.search(r"@layer components \{\s*\.b \{\}\s*\}", text)
    assert re.search(r"@layer screens \{\s*\.a \{\}\s*\}", text)


def test_helpers_come_first_and_elements_keep_to_themselves(tmp_path: Path) -> None:
    for name in ("elements/a.js", "lib/z.js"):
        file = tmp_path / "js" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"const of = '{name}';\n")
    assert bundles.script([tmp_path]) == "const of = 'lib/z.js';\n\n{\nconst of = 'elements/a.js';\n}\n"


@pytest.mark.parametrize("path", [bundles.SHEET, bundles.SCRIPT])
def test_django_finds_the_bundles_like_files(path: str) -> None:
    found = finders.find(path)
    assert found
    assert Path(found).stat().st_size > 10_000


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("css/**/*.css")), ids=lambda path: path.stem)
def test_sheets_name_no_layer_and_no_colour_of_their_own(sheet: Path) -> None:
    text = bundles.COMMENT.sub("", sheet.read_text())
    assert "@layer" not in text
    assert "@import" not in text
    if sheet.name not in ("tokens.css", "print.css"):
        assert not re.search(r"#(?!fff\b)[0-9a-f]{3,8}\b|\brgba?\(", text), (
            "use a token (white is for codes that a camera reads)"
        )


@pytest.mark.parametrize("script", sorted(STATIC.glob("js/**/*.js")), ids=lambda path: path.stem)
def test_scripts_import_nothing_and_evaluate_nothing(script: Path) -> None:
    text = script.read_text()
    assert not re.search(r"^\s*(import|export)\s", text, re.MULTILINE)
    assert not re.search(r"\beval\(|new Function|localStorage|sessionStorage", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES.get)
def test_templates_hold_no_script_and_no_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style\b|<script\b(?![^>]*\b(src=|nonce=|type=\"application/json\"))", text)
    assert not re.search(r"\son[a-z]+=|hx-on|javascript:", text)
    for style in re.findall(r'style="([^"]*)"', text):
        assert re.fullmatch(r"(--[\w-]+:[^;]*;?\s*)+", style), style
