"""An older file is upgraded as a copy: whenever it dies, one whole file is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.store import meta, migrations, upgrade
from sqzl_desktop.store.engine import STORE_FILE, open_store
from tests.places import KEY

ROOT = Path(__file__).resolve().parents[3]
DYING = """
import os, signal, sys
from pathlib import Path
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.store import migrations, upgrade
from tests.places import KEY
where = sys.argv[2]
if where == "in the migration":
    def die(tx):
        tx.exec_driver_sql("DELETE FROM meta")
        os.kill(os.getpid(), signal.SIGKILL)
    migrations.MIGRATIONS = (*migrations.MIGRATIONS, ("9998_dies", die))
else:
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(upgrade, where, die)
upgrade.open_upgraded(Path(sys.argv[1]), KEY, SystemClock())
"""


@pytest.fixture
def old(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the first release, with something in it."""
    with monkeypatch.context() as before:
        before.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        store = open_store(tmp_path, KEY)
        with store.write() as tx:
            migrations.migrate(tx, clock)
            meta.put(tx, "device", "d1")
        store.close()
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_upgrade_keeps_the_original_until_it_is_told_to_forget(
    old: Path, clock: FixedClock
) -> None:
    original = (old / STORE_FILE).read_bytes()

    store = upgrade.open_upgraded(old, KEY, clock)

    with store.read() as tx:
        assert migrations.missing(tx) == []
        assert meta.get(tx, "device") == "d1"
    store.close()
    assert (old / upgrade.ORIGINAL).read_bytes() == original
    upgrade.forget_original(old)
    assert names(old) == {STORE_FILE}


def test_present_file_is_opened_as_it_is(old: Path, clock: FixedClock) -> None:
    upgrade.open_upgraded(old, KEY, clock).close()
    upgrade.forget_original(old)

    upgrade.open_upgraded(old, KEY, clock).close()

    assert names(old) == {STORE_FILE}


@pytest.mark.parametrize("where", ["in the migration", "_sync", "_keep"])
def test_killed_upgrade_leaves_the_original_and_is_done_again(
    old: Path, clock: FixedClock, where: str
) -> None:
    original = (old / STORE_FILE).read_bytes()

    done = subprocess.run([sys.executable, "-c", DYING, str(old), where], cwd=ROOT, check=False)

    assert done.returncode == -9
    assert (old / STORE_FILE).read_bytes() == original
    store = upgrade.open_upgraded(old, KEY, clock)
    with store.read() as tx:
        assert meta.get(tx, "device") == "d1"
    store.close()
    assert names(old) == {STORE_FILE, upgrade.ORIGINAL}


def test_migration_that_loses_rows_is_not_taken(
    old: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(tx: object) -> None:
        tx.exec_driver_sql("DELETE FROM meta")  # type: ignore[attr-defined]

    original = (old / STORE_FILE).read_bytes()
    more = (*migrations.MIGRATIONS, ("9999_careless", careless))
    monkeypatch.setattr(migrations, "MIGRATIONS", more)

    with pytest.raises(KnownError, match="原数据没有变动"):
        upgrade.open_upgraded(old, KEY, clock)

    assert (old / STORE_FILE).read_bytes() == original
    assert names(old) == {STORE_FILE}


def test_file_in_use_elsewhere_is_not_upgraded(old: Path, clock: FixedClock) -> None:
    other = open_store(old, KEY)
    with other.write() as tx:
        meta.put(tx, "device", "d2")

    with pytest.raises(KnownError, match="另一个窗口"):
        upgrade.open_upgraded(old, KEY, clock)

    other.close()
