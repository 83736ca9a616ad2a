"""断行: Chinese line breaking on the character grid.

Widths are in cells: a Han character is 1, a digit a half. Nothing here knows about fonts or
pages; nothing here changes the text apart from `clean`.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

NO_START = frozenset("，。、；：？！）〕》〉】」』｝］”’…—～·％‰℃,.;:?!)]}%")
NO_END = frozenset("（〔《〈【「『｛［“‘￥№([{")
# Half of these cells is white, so they may give way at need.
_SOFT_CLOSE = frozenset("，。、；：）〕》〉】」』”’")
_SOFT_OPEN = frozenset("（〔《〈【「『“‘")
_UNITS = frozenset("年月日时分秒人个号楼元户条项名位件次组幢室天周")

_SQUEEZE = 0.3  # how much of its cell a soft sign may give within a line
_SQUEEZE_AT_END = 0.5  # and as the last one, where only white is lost
_MAX_SQUEEZE = 1.0  # how much a line may give in all
_MAX_STRETCH = 0.3  # wider gaps than this look worse than a ragged line
_LONG_RUN = 10.0  # latin runs wider than this may be cut after / . - and the like
_HOLE = 3.0  # and are, when keeping them whole would leave a hole this wide
_EPSILON = 1e-6

_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Line:
    """A stretch of the text that stands on one line, trailing spaces included."""

    start: int
    end: int
    is_last: bool


@dataclass(frozen=True)
class Place:
    """How far to go on after a character, and how far its glyph moves; in cells."""

    advance: float
    shift: float = 0.0


def clean(text: str) -> str:
    """User text made safe to draw: line ends unified, invisible and direction signs removed."""
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", _VARIATIONS.sub("", text)))
    return "".join(char for char in text if char == "\n" or category(char) not in ("Cc", "Cf"))


def break_lines(
    text: str, widths: Sequence[float], *, limit: float, indent: float = 0.0
) -> tuple[Line, ...]:
    """Cut one paragraph into lines no wider than `limit`, the first shorter by `indent`."""
    cuts = [0]
    used, room = 0.0, limit - indent
    for start, end in _atoms(text, widths, limit):
        for left, right in _portions(text, widths, (start, end), room - used):
            if left > cuts[-1] and not _fits(text, widths, (cuts[-1], right), room):
                cuts.append(left)
                room = limit
            used = sum(widths[cuts[-1] : right])
    cuts.append(len(text))
    last = len(cuts) - 2
    return tuple(
        Line(start, end, is_last=number == last)
        for number, (start, end) in enumerate(itertools.pairwise(cuts))
    )


def justify(text: str, widths: Sequence[float], line: Line, *, limit: float) -> tuple[Place, ...]:
    """Where the characters of a line stand, flush on both sides unless it is the last one."""
    start, end = line.start, line.end
    seen = start + len(text[start:end].rstrip(" "))
    slack = limit - sum(widths[start:seen])
    places = [Place(width) for width in widths[start:end]]
    if slack < -_EPSILON:
        places[: seen - start] = _squeezed(text[start:seen], widths[start:seen], -slack)
    elif not line.is_last:
        gaps = [i for i in range(seen - start - 1) if _stretches(text, start + i)]
        share = slack / len(gaps) if gaps else 0.0
        for gap in gaps if share <= _MAX_STRETCH else ():
            places[gap] = Place(places[gap].advance + share)
    for trailing in range(seen - start, end - start):
        places[trailing] = Place(0.0)
    return tuple(places)


def may_break(text: str, at: int) -> bool:
    """Whether a line may end before `text[at]`."""
    before, after = text[at - 1], text[at]
    if after in NO_START or before in NO_END or after == " ":
        return False
    if _is_latin(before) and _is_latin(after):
        return False
    if before.isdigit() and after in _UNITS:
        return False
    return not (before == "第" and after.isdigit())


def _is_latin(char: str) -> bool:
    return "!" <= char < "\x7f" or (char.isalpha() and ord(char) < 0x2E80)


def _atoms(text: str, widths: Sequence[float], limit: float) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or may_break(text, at):
            # What no line can hold is cut anywhere rather than lost.
            whole = sum(widths[start:at]) <= limit
            yield from [(start, at)] if whole else _pieces(text, widths, (start, at), limit)
            start = at


def _pieces(
    text: str, widths: Sequence[float], atom: tuple[int, int], limit: float
) -> Iterator[tuple[int, int]]:
    start = atom[0]
    for at in range(atom[0] + 1, atom[1] + 1):
        if at == atom[1] or text[at - 1] in "/?&=-_.#,;:@":
            if sum(widths[start:at]) <= limit:
                yield start, at
            else:
                yield from ((one, one + 1) for one in range(start, at))
            start = at


def _portions(
    text: str, widths: Sequence[float], atom: tuple[int, int], room: float
) -> Iterator[tuple[int, int]]:
    width = sum(widths[atom[0] : atom[1]])
    if width > max(room, _LONG_RUN) and room > _HOLE and _is_latin(text[atom[0]]):
        return _pieces(text, widths, atom, width)
    return iter((atom,))


def _fits(text: str, widths: Sequence[float], part: tuple[int, int], room: float) -> bool:
    shown = text[part[0] : part[1]].rstrip(" ")
    over = sum(widths[part[0] : part[0] + len(shown)]) - room
    if over <= _EPSILON:
        return True
    spare = _SQUEEZE * sum(_is_soft(char) for char in shown[:-1])
    spare += _SQUEEZE_AT_END if _is_soft(shown[-1]) else 0.0
    return over <= min(spare, _MAX_SQUEEZE) + _EPSILON


def _squeezed(text: str, widths: Sequence[float], over: float) -> list[Place]:
    soft = [i for i, char in enumerate(text) if _is_soft(char)]
    places = [Place(width) for width in widths]
    if soft and soft[-1] == len(text) - 1:
        # The white half of a closing sign at the end of a line is the cheapest to lose.
        given = min(over, _SQUEEZE_AT_END)
        places[soft.pop()] = Place(widths[-1] - given)
        over -= given
    share = over / len(soft) if soft else 0.0
    for at in soft:
        shift = -share if text[at] in _SOFT_OPEN else 0.0
        places[at] = Place(widths[at] - share, shift)
    return places


def _is_soft(char: str) -> bool:
    return char in _SOFT_CLOSE or char in _SOFT_OPEN


def _stretches(text: str, at: int) -> bool:
    return not (_is_latin(text[at]) and _is_latin(text[at + 1])) and text[at] not in "—…"
