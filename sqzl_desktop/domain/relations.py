"""与户主关系: how the relations in a household read once another member is its head (GB/T 4761)."""

from sqzl_desktop.domain.kinds.resident import Resident

HEAD = "02"
_HEADS = ("01", HEAD)
_SPOUSE = ("10", "11", "12")
_PARENT = ("50", "51", "52", "57", "58")
_IN_LAW = ("53", "54", "55", "56")
_CHILD_IN_LAW = ("28", "38")
_GRANDCHILD = ("40", "41", "42", "43", "44", "49")
_CHILD = tuple(str(each) for each in (*range(20, 28), 29, *range(30, 38), 39))
_MALE = "1"


def is_head(person: Resident) -> bool:
    """Does the record say that this person heads the household?"""
    return person.relation in _HEADS


def child_of(parent: Resident, sex: str) -> str:
    """What a new child of this member is to the head; "" where that cannot be known."""
    if is_head(parent) or parent.relation in _SPOUSE:
        return "30" if sex == "2" else "20"
    if parent.relation in (*_CHILD, *_CHILD_IN_LAW):
        is_daughters = parent.relation.startswith("3") and parent.relation != "38"
        is_daughters = is_daughters or parent.relation == "28"
        return {"1": "43" if is_daughters else "41", "2": "44" if is_daughters else "42"}.get(
            sex, "40"
        )
    return ""


def seen_from(head: Resident, other: Resident) -> str:
    """What `other` is to the new head; "" where the old relations do not tell.

    Both still bear their relation to the old head; the old head bears 户主.
    """
    if head.id == other.id:
        return HEAD
    if is_head(head):
        return other.relation
    for group, rule in (
        (_SPOUSE, _from_spouse),
        (_CHILD, _from_child),
        (_PARENT, _from_parent),
    ):
        if head.relation in group:
            return rule(head, other)
    return ""


def _from_spouse(head: Resident, other: Resident) -> str:
    if is_head(other):
        return _by_sex(other, "11", "12", "10")
    if other.relation in (*_CHILD, *_CHILD_IN_LAW, *_GRANDCHILD):
        return other.relation
    if other.relation in _PARENT:
        husbands = _by_sex(other, "53", "54", "")
        return husbands if head.sex == "2" else _by_sex(other, "55", "56", "")
    return _by_sex(other, "51", "52", "50") if other.relation in _IN_LAW else ""


def _from_child(head: Resident, other: Resident) -> str:
    if is_head(other) or other.relation in _SPOUSE:
        return _by_sex(other, "51", "52", "50")
    if other.relation in _CHILD:
        return _sibling(head, other)
    return "60" if other.relation in _PARENT else ""


def _from_parent(_head: Resident, other: Resident) -> str:
    if is_head(other):
        return _by_sex(other, "20", "30", "")
    if other.relation in _SPOUSE:
        return _by_sex(other, "28", "38", "")
    if other.relation in _CHILD:
        return "40"
    return _by_sex(other, "11", "12", "10") if other.relation in _PARENT else ""


def _sibling(head: Resident, other: Resident) -> str:
    if not (head.born_on and other.born_on) or head.born_on == other.born_on:
        return "70"
    is_older = other.born_on < head.born_on
    return _by_sex(other, "71", "75", "70") if is_older else _by_sex(other, "73", "77", "70")


def _by_sex(person: Resident, male: str, female: str, unknown: str) -> str:
    return {_MALE: male, "2": female}.get(person.sex, unknown)
