"""The docs say what is there."""

import re
from pathlib import Path

import pytest

from sqzl_desktop.cli.commands import COMMANDS
from sqzl_desktop.domain.access import ROLES
from sqzl_desktop.domain.flows import FLOWS
from sqzl_desktop.printing.forms import FORMS
from sqzl_desktop.ui import navigation
from tests.docs.glossary import PATH, glossary

ROUTES = Path(__file__).resolve().parents[2] / "sqzl_desktop/server/routes.py"
ADDRESSES = re.findall(r'Route\(f?"([^"]+)"(.)', ROUTES.read_text(encoding="utf-8"))
ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_glossary_is_what_the_kinds_say() -> None:
    assert PATH.read_text(encoding="utf-8") == glossary()


@pytest.mark.parametrize("command", ["enrol", "sign-in", *COMMANDS])
def test_readme_shows_every_command(command: str) -> None:
    assert re.search(rf"^\| `{command}\b", README, re.MULTILINE)


@pytest.mark.parametrize("word", [*ROLES, *(form.name for form in FORMS)])
def test_readme_names_every_role_and_form(word: str) -> None:
    assert f"`{word}`" in README


def test_readme_names_every_step() -> None:
    for flow in FLOWS.values():
        for transition in flow.transitions:
            assert transition.step in README


TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("target", TARGETS)
def test_readme_or_makefile_explains_every_target(target: str) -> None:
    known = README + (ROOT / "Makefile").read_text(encoding="utf-8").partition("PYTHON")[0]

    assert f"make {target}" in known or target in ("setup-test", "format", "lock", "manual")


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


MANUAL = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs/manual").glob("*.md"))


@pytest.mark.parametrize("label", [page.label for page in navigation.PAGES])
def test_manual_has_a_chapter_for_every_page(label: str) -> None:
    assert re.search(rf"^# .*{label}", MANUAL, re.MULTILINE)


def test_manual_names_every_form() -> None:
    assert all(form.label in MANUAL for form in FORMS)


@pytest.mark.parametrize("path", [path for path, _ in ADDRESSES])
def test_protocol_names_every_address(path: str) -> None:
    protocol = (ROOT / "docs/sync-protocol.md").read_text(encoding="utf-8")

    assert (
        path.replace("{of_community}", "/v1/c/{community}").replace("{{", "{").replace("}}", "}")
        in protocol
    )
