"""Programs of different age: sync stops with a sentence that says which side to update, no more."""

from collections.abc import Callable

import msgspec
import pytest
import sqlalchemy as sa

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import version
from sqzl_desktop.protocol.messages import Page, Row
from sqzl_desktop.server import rows
from sqzl_desktop.server.ledger import Change, commit
from sqzl_desktop.services import elements
from sqzl_desktop.sync.apply import read_cursor
from sqzl_desktop.sync.transport import HttpTransport
from tests.field import Field
from tests.places import COMMUNITY, GRID

Laptops = Callable[..., DeviceSession]


@pytest.mark.parametrize(
    ("theirs", "sentence"),
    [(version.OLDEST - 1, "本机程序版本过旧"), (version.PROTOCOL + 1, "服务器版本过旧")],
)
def test_too_old_and_too_new_stop_sync_and_nothing_else(
    laptops: Laptops, theirs: int, sentence: str
) -> None:
    a = laptops("wang", "A")
    transport = a._transport
    assert isinstance(transport, HttpTransport)
    transport._client.headers[version.HEADER] = str(theirs)

    saved = elements.save(a.ws, Resident(name="马小明", grid_id=GRID))
    with pytest.raises(KnownError, match=sentence):
        a.sync()

    assert elements.get(a.ws, "resident", saved.id) == saved
    assert a.sync_state().pending == 1
    transport._client.headers[version.HEADER] = str(version.PROTOCOL)
    a.sync()
    assert a.sync_state().pending == 0


def test_device_does_not_advance_past_a_kind_it_does_not_know(
    field: Field, laptops: Laptops
) -> None:
    a = laptops("wang", "A")
    newer = Row("drone", "d1", GRID, 0, {"name": "一号"}, {"*": "o"}, "o")
    field.app.state.database.writing(
        lambda connection: commit(connection, COMMUNITY, [Change(None, newer)])
    )
    with a.ws.store.read() as tx:
        before = read_cursor(tx, COMMUNITY)
    elements.save(a.ws, Resident(name="马小明", grid_id=GRID))

    for _ in range(2):
        with pytest.raises(KnownError, match="请更新程序"):
            a.sync()

    with a.ws.store.read() as tx:
        assert read_cursor(tx, COMMUNITY) == before, (
            "what comes after is fetched by a newer program"
        )
    assert elements.count(a.ws, "resident") == 1


def test_field_that_a_device_does_not_know_survives_its_edit(
    field: Field, laptops: Laptops
) -> None:
    a = laptops("wang", "A")
    person = elements.save(a.ws, Resident(name="马小明", grid_id=GRID))
    a.sync()

    def write_newer(connection: sa.Connection) -> None:
        (stored,) = rows.load(connection, COMMUNITY, [("resident", person.id)]).values()
        fields = {**stored.row.fields, "blood_type": "AB"}
        after = msgspec.structs.replace(stored.row, fields=fields, last="newer")
        commit(connection, COMMUNITY, [Change(stored, after)])

    field.app.state.database.writing(write_newer)
    a.sync()
    found = elements.get(a.ws, "resident", person.id)
    assert isinstance(found, Resident)
    elements.save(a.ws, Resident(id=found.id, name="马小红", grid_id=GRID))
    a.sync()

    with field.app.state.database.reading() as connection:
        (stored,) = rows.load(connection, COMMUNITY, [("resident", person.id)]).values()
    assert (stored.row.fields["name"], stored.row.fields["blood_type"]) == ("马小红", "AB")


def test_members_of_newer_messages_are_passed_over() -> None:
    text = (
        b'{"epoch":"e","scope_version":1,"entries":[["resident","r1",["resident","r1","g",7,{},'
        b'{"*":"o"},"o",false,"newer"],"newer"]],"authors":{},"cursor":7,"more":true,"newer":1}'
    )

    page = msgspec.json.decode(text, type=Page)

    assert page.entries[0].row == Row("resident", "r1", "g", 7, {}, {"*": "o"}, "o")
