"""Cases for the contract tests: made, and brought to a state by the real steps."""

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH

ON_THE_WAY = {
    "confirm": {},
    "file": {"class_code": "06010"},
    "dispatch": {"handler_kind": "01", "handler": "城管中队"},
    "handle": {},
    "feed_back": {"measures": "已清运", "feedback": "现场已清"},
    "verify": {"check_note": "现场干净"},
    "close": {"outcome": "已清理"},
}  # each takes the case that the one before has left


def case(**fields):
    """The fields of a new case, reported by a patrol of the northern grid."""
    return {
        "community_id": COMMUNITY,
        "grid_id": NORTH,
        "title": "楼道堆物",
        "source": "01",
        "collector": "张三",
        "collector_name": "张三同志",
        **fields,
    }


def stepped(device, record, step, *, state=None, group="", saw=True, **fields):
    """A step as a device takes it: the values as a put of the same group, then the step."""
    row = device.rows["case", record]
    group = group or (new_id() if fields else "")
    parts = {"group": group} if group else {}
    seen = {"state": device.writer(row, "state")} if saw else {}
    own = {name: fields.pop(name) for name in ("merged_into",) if name in fields}
    operations = [device.put("case", record, fields, **parts)] if fields else []
    state = row.fields.get("state", "reported") if state is None else state
    taken = device.step("case", record, step, state=state, saw=seen, fields=own, **parts)
    return [*operations, taken]


def take(device, record, step, **fields):
    """Take a step and hear of what it did; the answers."""
    answers = device.push(*stepped(device, record, step, **fields))
    device.pull()
    return answers


def brought_to(device, state, **fields):
    """A new case taken along the straight way up to a state; its id."""
    record = new_id()
    made = device.put("case", record, case(**fields.pop("made", {})))
    assert device.outcomes(made) == ["applied"]
    device.pull()
    for step, values in ON_THE_WAY.items():
        if device.rows["case", record].fields.get("state", "reported") == state:
            break
        answers = take(device, record, step, **{**values, **fields.get(step, {})})
        assert {each.outcome for each in answers} <= {"applied", "noop"}, answers
    return record


def state_of(device, record):
    """The state in which a device shows a case."""
    return device.rows["case", record].fields.get("state", "reported")


def of_kind(device, kind):
    """The live records of a kind on a device."""
    return [row for (name, _), row in device.live().items() if name == kind]
