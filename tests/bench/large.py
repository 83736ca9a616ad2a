"""python -m tests.bench.large FOLDER: a laptop's data folder with 100,000 residents, made once.

Nothing of it comes over a network: the rows of a generated community are put in as a first sync
puts them. The password is that of the demo.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.errors import Offline
from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.messages import Enrolment, EnrolRequest, Person, Row
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.server.city import read_city
from sqzl_desktop.store import confirmed, meta
from tests.city.__main__ import main as make_city
from tests.demo.told import PASSWORD

SIZE = 100_000


class Alone:
    """A way to a server that answers once, at enrolment, and is out of reach ever after."""

    def __init__(self, community: str) -> None:
        self._community = community

    def enrol(self, request: EnrolRequest) -> Enrolment:
        """The lead of the whole community."""
        person = Person(request.account, "李书记", COMMUNITY_LEAD, [self._community], 1,
                        [self._community], lease_days=3650)  # fmt: skip
        return Enrolment("bench-device", "22", "secret", person)

    def __getattr__(self, name: str) -> Any:
        raise Offline("连不上服务器，已录入的内容都在本机")


def make(folder: Path, size: int = SIZE) -> DeviceSession:
    """Make the folder; returns its session, open."""
    with tempfile.TemporaryDirectory() as place:
        make_city([place, "--size", str(size)])
        records = sorted(read_city(Path(place)), key=_place)
        session = enrol(folder, records[0][0])
        with session.ws.store.write() as tx:
            confirmed.load(tx, records[0][0], _rows(records))
            # a laptop of every day: 工作台 comes first, not the first round
            meta.put(tx, "synced_at", str(encode(SystemClock().now())))
    return session


def opener(community: str = "") -> DeviceOpener:
    """Opens such a folder."""
    return DeviceOpener(connect=lambda _server: Alone(community))  # type: ignore[arg-type]


def enrol(folder: Path, community: str) -> DeviceSession:
    """An empty laptop of the lead."""
    return opener(community).enrol(
        folder, server="http://nowhere", account="li", password=PASSWORD, label="li"
    )


_NUMBER = {kind.name: number for number, kind in enumerate(KINDS)}


def _place(record: tuple[str, str, str, dict[str, Any]]) -> tuple[int, str]:
    return _NUMBER[record[1]], str(record[3].get("grid_id", ""))


def _rows(records: list[tuple[str, str, str, dict[str, Any]]]) -> Iterator[Row]:
    for number, (_, kind, record_id, fields) in enumerate(records, 1):
        grid = str(fields.get("grid_id", ""))
        yield Row(kind, record_id, grid, number, fields, {"*": "bench"}, "bench")


def main() -> None:
    """Make it where it is wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.large", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=SIZE)
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"
    make(args.folder, args.size).close()


if __name__ == "__main__":
    main()
