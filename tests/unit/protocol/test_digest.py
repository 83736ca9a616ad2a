import hashlib

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.protocol.digest import Sum, operation_hash, row_hash
from sqzl_desktop.protocol.messages import Operation, Row

ROW = Row("resident", "r1", "g", 7, {"name": "王秀兰", "phone": "1"}, {"*": "a"}, "a")
hashes = st.lists(st.binary(min_size=16, max_size=16), max_size=20)


def test_row_hash_is_that_of_the_documented_text():
    text = '["r1",7,{"name":"王秀兰","phone":"1"},false]'

    assert row_hash(ROW) == hashlib.blake2b(text.encode(), digest_size=16).digest()


def test_row_hash_does_not_depend_on_the_order_of_fields():
    turned = msgspec.structs.replace(ROW, fields=dict(reversed(ROW.fields.items())))

    assert row_hash(turned) == row_hash(ROW)


def test_row_hash_changes_with_what_it_covers():
    others = [
        msgspec.structs.replace(ROW, **change)
        for change in ({"id": "r2"}, {"rev": 8}, {"fields": {}}, {"deleted": True})
    ]

    assert len({row_hash(row) for row in (ROW, *others)}) == 5


def test_operation_hash_survives_the_journey():
    operation = Operation(1, "o", "resident", "r", "put", "", {"a": 1.5, "b": None}, {"a": ""})

    read = msgspec.json.decode(msgspec.json.encode(operation), type=Operation)

    assert operation_hash(read) == operation_hash(operation)
    assert operation_hash(msgspec.structs.replace(operation, n=2)) != operation_hash(operation)


@given(hashes, st.randoms(use_true_random=False))
def test_sum_does_not_depend_on_order(parts, random):
    shuffled = list(parts)
    random.shuffle(shuffled)

    assert Sum.of(parts).wire() == Sum.of(shuffled).wire()


@given(hashes, hashes)
def test_sum_forgets_what_left(stay, leave):
    total = Sum.of([*stay, *leave])

    total.leave(leave)

    assert total.wire() == Sum.of(stay).wire()


@given(hashes)
def test_sum_survives_the_journey(parts):
    wire = Sum.of(parts).wire()

    assert Sum.read(wire).wire() == wire
    assert len(wire[1]) == 32
