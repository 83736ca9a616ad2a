"""The house rules that a program can check: sizes, budgets, what is loaded at start, glossary."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sqzl_desktop.domain.code_lists import NAMES, code_list
from sqzl_desktop.domain.kinds import KINDS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "sqzl_desktop"
FILES = sorted(PACKAGE.rglob("*.py")) + sorted((ROOT / "tests").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_CLASS = 400, 40, 200
SCHEMA_BUDGET = 400


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )


def length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_function_and_class_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)

    too_long = [f"{node.name} {length(node)}" for node in functions(tree)
                if length(node) > LONGEST_FUNCTION]  # fmt: skip
    too_long += [f"{node.name} {length(node)}" for node in ast.walk(tree)
                 if isinstance(node, ast.ClassDef) and length(node) > LONGEST_CLASS]  # fmt: skip

    assert len(source.splitlines()) <= LONGEST_FILE
    assert too_long == []


def test_schema_stays_within_its_budget() -> None:
    assert sum(map(lines_of_code, (PACKAGE / "schema").glob("*.py"))) <= SCHEMA_BUDGET


def lines_of_code(path: Path) -> int:
    """Lines that are neither blank, comment nor docstring."""
    source = path.read_text(encoding="utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, documented)]
    docstrings: set[int] = set()
    for node in nodes:
        if ast.get_docstring(node):
            docstrings |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return sum(
        1
        for number, line in enumerate(source.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and number not in docstrings
    )


def loaded_after(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return set(done.stdout.split())


def test_command_line_loads_neither_qt_nor_server() -> None:
    loaded = loaded_after("import sqzl_desktop.app")

    assert not {name for name in loaded if name.startswith(("PySide6", "sqzl_desktop.server"))}


def test_login_is_painted_before_the_store_is_loaded() -> None:
    loaded = loaded_after("import sqzl_desktop.start, sqzl_desktop.ui.app")

    assert "sqzl_desktop.ui.dialogs.login" in loaded
    assert not loaded & {"sqlalchemy", "sqlcipher3", "cryptography", "httpx", "sqzl_desktop.app",
                         "sqzl_desktop.ui.main_window", "sqzl_desktop.domain.kinds"}  # fmt: skip


def test_window_loads_nothing_of_the_server() -> None:
    loaded = loaded_after("import sqzl_desktop.app, sqzl_desktop.ui.main_window")

    assert not {name for name in loaded if name.startswith(("sqzl_desktop.server", "starlette",
                                                            "uvicorn", "psycopg"))}  # fmt: skip


def test_window_starts_without_what_only_some_pages_need() -> None:
    loaded = loaded_after("import sqzl_desktop.app, sqzl_desktop.ui.main_window")

    assert not loaded & {"shapely", "numpy", "reportlab", "openpyxl", "pypinyin", "PIL",
                         "phonenumbers", "holidays", "httpx", "rich"}  # fmt: skip
    ours = ("sqzl_desktop.ui.pages.", "sqzl_desktop.cli.commands")
    assert not {name for name in loaded if name.startswith(ours)}


def test_pages_are_ready_without_what_only_papers_and_tables_need() -> None:
    loaded = loaded_after("from sqzl_desktop.ui.navigation import load_pages; load_pages()")

    assert "sqzl_desktop.ui.pages.settings" in loaded
    assert not loaded & {"shapely", "numpy", "reportlab", "openpyxl", "pypinyin", "PIL"}


def test_every_reference_names_a_kind_and_every_code_a_list() -> None:
    known = {kind.name for kind in KINDS}
    columns = [column for kind in KINDS for column in kind.columns]

    assert {column.facts.target for column in columns if column.type == "ref"} <= known
    assert {column.facts.codes for column in columns if column.facts.codes} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_code_list_has_unique_codes_with_names(name: str) -> None:
    entries = code_list(name).codes

    assert entries
    assert len({entry.code for entry in entries}) == len(entries)
    assert all(entry.name for entry in entries)


def test_titles_and_guarded_fields_are_fields() -> None:
    for kind in KINDS:
        assert {*kind.title, *kind.guarded} <= kind.known, kind.name
        assert not kind.key or kind.key in kind.known
