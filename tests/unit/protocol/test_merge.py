"""The merge never loses a value: whatever order devices come in, each op is accounted for."""

import dataclasses

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqzl_desktop.protocol.merge import Kept, merge, overlay, writer
from sqzl_desktop.protocol.messages import Operation, Row

MADE = "op-made"
FIELDS = ("name", "phone", "employer")


def made(**fields):
    return Row("resident", "r", "", 1, fields, {"*": MADE}, MADE)


def put(op, saw=MADE, **fields):
    """A put by someone who saw `saw` in every field."""
    seen = saw if isinstance(saw, dict) else dict.fromkeys(fields, saw)
    return Operation(1, op, "resident", "r", "put", "", fields, seen)


def delete(op, saw):
    return Operation(1, op, "resident", "r", "delete", "", saw={"*": saw})


def test_first_put_makes_the_record():
    merged = merge(None, put("a", saw="", name="王秀兰", grid_id="g", remark=None))

    assert merged.outcome == "applied"
    fields = {"name": "王秀兰", "grid_id": "g"}
    assert merged.row == Row("resident", "r", "g", 0, fields, {"*": "a"}, "a")


def test_change_of_what_was_seen_stands():
    merged = merge(made(name="王"), put("a", name="李"))

    assert (merged.outcome, merged.kept) == ("applied", ())
    assert merged.row.fields == {"name": "李"}
    assert (writer(merged.row, "name"), merged.row.last) == ("a", "a")


def test_clearing_a_field_leaves_its_writer():
    merged = merge(made(name="王", phone="1"), put("a", phone=None))

    assert merged.row.fields == {"name": "王"}
    assert writer(merged.row, "phone") == "a"


def test_concurrent_value_is_kept_beside_the_standing_one():
    first = merge(made(name="王"), put("a", name="李"))

    second = merge(first.row, put("b", name="赵"))

    assert (second.outcome, second.row) == ("conflict_kept", first.row)
    (kept,) = second.kept
    assert (kept.about, kept.field) == ("value", "name")
    assert (kept.standing_value, kept.standing_op) == ("李", "a")
    assert (kept.other_value, kept.other_op) == ("赵", "b")


def test_same_value_from_both_sides_agrees():
    first = merge(made(name="王"), put("a", name="李"))

    second = merge(first.row, put("b", name="李"))

    assert (second.outcome, second.kept, second.agreed) == ("noop", (), {"name": "a"})
    later = merge(first.row, put("c", saw="b", name="赵"), (), {"b": second.agreed})
    assert later.outcome == "applied"


def test_newcomer_that_saw_the_kept_value_replaces_it():
    first = merge(made(name="王"), put("a", name="李"))
    second = merge(first.row, put("b", name="赵"))

    third = merge(first.row, put("c", saw="b", name="钱"), second.kept)

    (kept,) = third.kept
    assert kept == dataclasses.replace(second.kept[0], other_value="钱", other_op="c")


def test_standing_value_of_a_conflict_follows_an_edit_that_saw_it():
    first = merge(made(name="王"), put("a", name="李"))
    second = merge(first.row, put("b", name="赵"))

    third = merge(first.row, put("c", saw="a", name="钱"), second.kept)

    assert third.outcome == "applied"
    (kept,) = third.kept
    assert kept == dataclasses.replace(second.kept[0], standing_value="钱", standing_op="c")


def test_delete_names_what_it_saw():
    row = made(name="王")

    assert merge(row, delete("d", MADE)).row.deleted
    stale = merge(merge(row, put("a", name="李")).row, delete("d", MADE))
    assert (stale.outcome, stale.row.deleted) == ("conflict_kept", False)
    assert stale.kept[0].about == "stale_delete"
    assert merge(None, delete("d", "")).outcome == "noop"


def test_edit_after_delete_is_kept_and_raises_nobody_from_the_dead():
    gone = merge(made(name="王"), delete("d", MADE)).row

    merged = merge(gone, put("a", name="李"))

    assert (merged.outcome, merged.row) == ("conflict_kept", gone)
    assert [(kept.about, kept.other_value) for kept in merged.kept] == [("edit_after_delete", "李")]


@given(st.permutations(FIELDS))
def test_changes_of_different_fields_commute(order):
    row = made(name="王", phone="1", employer="x")
    changes = {field: put(f"op-{field}", **{field: f"new {field}"}) for field in FIELDS}

    for field in order:
        merged = merge(row, changes[field])
        assert (merged.outcome, merged.kept) == ("applied", ())
        row = merged.row

    assert row.fields == {field: f"new {field}" for field in FIELDS}
    assert {field: writer(row, field) for field in FIELDS} == {f: f"op-{f}" for f in FIELDS}


elements = st.lists(st.sampled_from("abcdef"), unique=True, max_size=3)


@given(elements, elements, elements, elements, elements)
def test_sets_commute_where_they_do_not_contradict(start, add_1, drop_1, add_2, drop_2):
    row = made(name="王", tags=sorted(start)) if start else made(name="王")
    drop_1 = [each for each in drop_1 if each not in {*add_1, *add_2}]
    drop_2 = [each for each in drop_2 if each not in {*add_1, *add_2}]
    one, two = (
        Operation(1, op, "resident", "r", "put", "", sets={"tags": (add, drop)})
        for op, add, drop in (("a", add_1, drop_1), ("b", add_2, drop_2))
    )

    there = merge(merge(row, one).row, two).row.fields
    back = merge(merge(row, two).row, one).row.fields

    assert there == back


@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(["1", "2", None])), max_size=6))
def test_overlay_shows_what_the_server_will_make_of_unopposed_work(changes):
    row = made(name="王", phone="1")
    operations = []
    for number, (field, value) in enumerate(changes):
        saw = next((op.id for op in reversed(operations) if field in op.fields), MADE)
        saw = writer(row, field) if saw == MADE else saw
        operations.append(put(f"op{number}", saw={field: saw}, **{field: value}))

    confirmed, agreed = row, {}
    for operation in operations:
        merged = merge(confirmed, operation, (), agreed)
        assert merged.outcome in ("applied", "noop")
        agreed[operation.id] = merged.agreed
        confirmed = merged.row

    assert overlay(row, operations) == (confirmed.fields, confirmed.deleted)


class History:
    """One record on the server, and three devices that pull when they like."""

    def __init__(self):
        self.row = made(name="王", phone="1")
        self.open: dict[str, Kept] = {}
        self.agreed: dict[str, dict[str, str]] = {}
        self.operations: list[Operation] = []
        self.idle: set[tuple[str, str]] = set()
        self.views = [self.row] * 3
        self.own: list[dict[str, str]] = [{}, {}, {}]

    def pull(self, device):
        self.views[device], self.own[device] = self.row, {}

    def change(self, device, field, value):
        saw = self.own[device].get(field) or writer(self.views[device], field)
        operation = put(f"op{len(self.operations)}", saw={field: saw}, **{field: value})
        self.own[device][field] = operation.id
        self.apply(operation)

    def delete(self, device):
        self.apply(delete(f"op{len(self.operations)}", self.views[device].last))

    def apply(self, operation):
        self.operations.append(operation)
        for field, value in operation.fields.items():
            if self.row.fields.get(field) == value:
                self.idle.add((operation.id, field))
        merged = merge(self.row, operation, list(self.open.values()), self.agreed)
        self.row = merged.row
        self.open |= {kept.id: kept for kept in merged.kept}
        self.agreed[operation.id] = dict(merged.agreed)

    def accounted_for(self, operation, field):
        """Current, kept, recorded as no change, or superseded by one that had seen it."""
        if writer(self.row, field) == operation.id or (operation.id, field) in self.idle:
            return True
        sides = [(kept.standing_op, kept.other_op) for kept in self.open.values()]
        if any(operation.id in pair for pair in sides):
            return True
        for later in self.operations:
            saw = later.saw.get(field, "")
            if operation.id in (saw, self.agreed.get(saw, {}).get(field)):
                return True
        return False


devices = st.integers(0, 2)
actions = st.one_of(
    st.tuples(st.just("pull"), devices),
    st.tuples(st.just("change"), devices, st.sampled_from(FIELDS[:2]), st.sampled_from("1234")),
    st.tuples(st.just("delete"), devices),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(actions, max_size=25))
def test_no_operation_is_lost_whatever_happens(steps):
    history = History()

    for name, *arguments in steps:
        getattr(history, name)(*arguments)

    for operation in history.operations:
        for field in operation.fields:
            assert history.accounted_for(operation, field)
    kept = list(history.open.values())
    assert len({(each.other_op, each.field) for each in kept}) == len(kept)


@pytest.mark.parametrize("action", ["put", "delete"])
def test_merge_leaves_the_row_before_as_it_was(action):
    row = made(name="王")
    before = msgspec.json.encode(row)

    merge(row, put("a", name="李") if action == "put" else delete("d", MADE))

    assert msgspec.json.encode(row) == before
