"""Backup and restore: the same file for both databases, checked before it counts."""

import pytest
import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.server import backup, scope
from sqzl_desktop.server.__main__ import main
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.tables import BUCKET, RECORD, TOKEN, metadata
from tests.contracts.backend import COMMUNITY, Backend, resident


def everything(database):
    with database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in metadata.sorted_tables
            if table is not TOKEN and table.name != "meta"
        }


def epoch_of(database):
    with database.reading() as connection:
        return scope.epoch(connection)


@pytest.fixture
def worked(backend, worker):
    """A server on which somebody has worked."""
    for number in range(30):
        worker.push(worker.put("resident", new_id(), resident(name=f"居民{number}")))
    return backend


@pytest.fixture
def saved(worked, tmp_path):
    path = tmp_path / "backup.sqzl"
    backup.back_up(worked.database, path, worked.clock)
    return path


def test_backup_comes_back_whole_in_either_database(worked, saved, tmp_path):
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    migrate(fresh)

    told = backup.restore(fresh, saved, replace=False)

    assert "已恢复" in told
    assert everything(fresh) == everything(worked.database)
    assert epoch_of(fresh) != epoch_of(worked.database)
    fresh.close()


def test_restore_replaces_only_when_told_to(worked, worker, saved):
    before, epoch = everything(worked.database), epoch_of(worked.database)
    worker.push(worker.put("resident", new_id(), resident()))

    with pytest.raises(Refused, match="--replace"):
        backup.restore(worked.database, saved, replace=False)
    backup.restore(worked.database, saved, replace=True)

    assert everything(worked.database) == before
    assert epoch_of(worked.database) != epoch


def test_restored_server_goes_on_working(worker, saved, tmp_path, loop):
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    fresh = Database(url)
    migrate(fresh)
    backup.restore(fresh, saved, replace=False)
    fresh.close()

    with Backend(url, tmp_path / "other-cache", loop) as server:
        worker.backend = server
        worker.connect()
        worker.load_snapshot()
        assert worker.recomputed() == worker.digests
        assert worker.outcomes(worker.put("resident", new_id(), resident())) == ["applied"]


def test_devices_are_told_what_a_backup_covers(worked, worker, saved):
    page = worker.pull()[-1]
    assert page.durable_through == page.cursor

    worker.push(worker.put("resident", new_id(), resident()))
    later = worker.pull()[-1]
    assert later.durable_through == page.cursor < later.cursor

    backup.restore(worked.database, saved, replace=True)
    worker.epoch = ""
    worker.connect()
    worker.load_snapshot()
    assert worker.pull()[-1].durable_through == 0


def test_damaged_backup_is_refused_and_touches_nothing(worked, saved):
    content = bytearray(saved.read_bytes())
    before = everything(worked.database)

    for damaged in (content[:-20], content[: len(content) // 2], _flipped(content), b"x", b""):
        saved.write_bytes(bytes(damaged))
        with pytest.raises(KnownError, match="备份"):
            backup.restore(worked.database, saved, replace=True)

    assert everything(worked.database) == before


def _flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("table", [RECORD, BUCKET])
def test_backup_of_a_damaged_database_does_not_count(worked, worker, tmp_path, table):
    change = (
        sa.update(RECORD).where(RECORD.c.rev == 7).values(fields='{"name":"别人"}')
        if table is RECORD
        else sa.update(BUCKET).values(total="0" * 32)
    )
    worked.database.writing(lambda connection: connection.execute(change))

    with pytest.raises(KnownError, match="核对数不一致"):
        backup.back_up(worked.database, tmp_path / "backup.sqzl", worked.clock)

    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []
    assert worker.pull()[-1].durable_through == 0


def test_backup_does_not_overwrite_another(worked, saved):
    with pytest.raises(Refused, match="已存在"):
        backup.back_up(worked.database, saved, worked.clock)


@pytest.mark.usefixtures("worked")
def test_backup_and_restore_from_the_command_line(database_url, tmp_path, capsys):
    path = str(tmp_path / "by-command")
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"

    assert main(["backup", path, "--database", database_url]) == 0
    assert main(["restore", path, "--database", fresh]) == 0
    assert main(["restore", path, "--database", fresh]) == 1
    assert main(["restore", str(tmp_path / "none"), "--database", fresh]) == 1

    told = capsys.readouterr()
    assert f"{COMMUNITY}" not in told.out
    assert "备份完成并已核对" in told.out
    assert "--replace" in told.err
    assert "无法读取" in told.err
