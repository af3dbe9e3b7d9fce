"""The house checks itself."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
LONGEST = 500


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text("utf-8")

    assert ast.get_docstring(ast.parse(text)), "the module has no docstring"
    assert text.count("\n") <= LONGEST


def test_no_two_test_files_share_a_name() -> None:
    """pytest imports them by their bare name: of two, the second breaks the run."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]

    assert sorted(names) == sorted(set(names))


def test_no_promise_is_left_in_the_code() -> None:
    promise = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

    found = [path for path in CODE if promise.search(path.read_text("utf-8"))]

    assert found == []


def test_nothing_evaluates_python() -> None:
    """`eval`, `exec` and `compile` are not called anywhere but in bundle.compile, which compiles diagrams."""
    called = [
        (path.name, node.func.id)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {"eval", "exec", "compile", "__import__"}
    ]

    assert called == []


def test_templates_carry_no_inline_style_or_script() -> None:
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)")

    found = [
        path.name for path in (ROOT / "web" / "templates").rglob("*.html") if inline.search(path.read_text("utf-8"))
    ]

    assert found == []


def test_no_download_address_and_no_path_of_a_machine_stands_in_the_tree() -> None:
    address = re.compile(r"registry\.npmjs|pypi\.org|files\.pythonhosted|--(extra-)?index-url|/(root|home|work)/[a-z]")
    texts = {".py", ".txt", ".toml", ".json", ".md", ".in", ".sh", ".html", ".mjs", ".js", ".scss", ""}

    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in texts and path != Path(__file__) and address.search(path.read_text("utf-8", "ignore"))
    ]

    assert found == []
