"""The server and PostgreSQL die under load: every answer that was given still stands, once."""

from pathlib import Path

import pytest

from tests import postgres
from tests.sync import server_kills

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres.binaries() is None, reason="no PostgreSQL on this machine"),
]


def test_nothing_answered_is_lost_when_server_or_database_is_killed(tmp_path: Path) -> None:
    with postgres.cluster(durable=True) as cluster:
        subject = server_kills.victim(cluster, tmp_path)
        devices = server_kills.enrolled(subject.url)

        wrong, kills = server_kills.kill(subject, devices, 4, seed=7)

    assert wrong == []
    assert kills == 4
    assert subject.told
