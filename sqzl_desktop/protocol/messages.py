"""消息: what travels between device and server, as values. JSON on the wire, zstd-compressed."""

from typing import Any, Literal

import msgspec

Action = Literal["put", "delete", "step"]
Outcome = Literal["applied", "noop", "conflict_kept", "held", "rejected"]

MOST_OPERATIONS = 500
MOST_COMPRESSED = 1 << 20
MOST_IDS = 5000
MOST_KEYS = 500
MOST_EXPANDED = 8 << 20
MOST_CONTENT = 20 << 20  # bytes of an attachment
PIECE = 256 << 10  # bytes of one request of an upload


class Operation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change, made on one device.

    n            1, 2, 3 ... without a gap, per community and incarnation of the device
    id           UUID: the change itself, for ever
    fields       field to new value; null clears
    saw          field to the id of the operation whose value the author saw ("" was never set);
                 for a delete, "*" to the last operation seen on the record
    sets         field to (added, removed) elements, for sets
    step, state  of a workflow step: its name and the state the author saw
    group        operations of one user action carry one group id and stand or fall together
    made_at      what the device's clock said, UTC; shown, never decided by
    scope        the version of the author's scope under which it was made; 0 is not known
    """

    n: int
    id: str
    kind: str
    record: str
    action: Action
    made_at: str
    fields: dict[str, Any] = {}
    saw: dict[str, str] = {}
    sets: dict[str, tuple[list[str], list[str]]] = {}
    step: str = ""
    state: str = ""
    group: str = ""
    scope: int = 0


class Push(msgspec.Struct, frozen=True, omit_defaults=True):
    """Operations of one community, in the order they were made.

    cursor      how far the device has read the log: a server that is not there yet was restored
    scope       under which version of its scope
    wants_page  is the answer to bring the next page of the log along?
    """

    epoch: str
    incarnation: str
    operations: list[Operation]
    cursor: int = 0
    scope: int = 0
    wants_page: bool = False


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one operation. `reason` and `advice` are Chinese sentences."""

    n: int
    id: str
    outcome: Outcome
    reason: str = ""
    advice: str = ""


class SubDigests(msgspec.Struct, frozen=True):
    """The digest of a grid in 256 parts (`digest.bucket`), to find where two sides differ."""

    sums: list[tuple[int, str]]


class Hashes(msgspec.Struct, frozen=True):
    """The rows of some parts of a grid: (kind, id, hexadecimal row hash)."""

    rows: list[tuple[str, str, str]]


class Keys(msgspec.Struct, frozen=True):
    """Rows that a device asks for: (kind, id)."""

    keys: list[tuple[str, str]]


class Diverged(msgspec.Struct, frozen=True):
    """A device tells that its data of a community cannot be brought to agree: which grids."""

    community: str
    grids: list[str]


class Ids(msgspec.Struct, frozen=True, omit_defaults=True):
    """Ids of operations: a device asks which of them the server knows, and is told those.

    The answer names the outcome of those that the person who asks has made.
    """

    ids: list[str]
    outcomes: dict[str, str] = {}


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A record as confirmed by the server.

    `writes` maps a field to the operation that produced its value; "*" stands for all fields of
    the row that are not named. `last` is the last operation that changed anything. `rev` is the
    community's sequence number of that change.
    """

    kind: str
    id: str
    grid: str
    rev: int
    fields: dict[str, Any]
    writes: dict[str, str]
    last: str
    deleted: bool = False


class Author(msgspec.Struct, frozen=True, array_like=True):
    """Who made an operation, when (server's receipt, device's claim), on which device."""

    name: str
    received_at: str
    made_at: str
    device: str


class Rows(msgspec.Struct, frozen=True):
    """The rows asked for that are there and visible."""

    rows: list[Row]
    authors: dict[str, Author]


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One line of the log: the row as it is now, or None for "gone from your sight"."""

    kind: str
    id: str
    row: Row | None


class Page(msgspec.Struct, frozen=True):
    """A part of the log.

    `cursor` is where the next page begins. `digests` (grid to (count, hexadecimal sum)) come with
    the last page only and describe the state at `cursor`; so does `durable_through`, the number up
    to which everything lies in a verified backup.
    """

    epoch: str
    scope_version: int
    entries: list[Entry]
    authors: dict[str, Author]
    cursor: int
    more: bool
    digests: dict[str, tuple[int, str]] | None = None
    durable_through: int = 0


class Answers(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer per operation, in order, and the page that the push asked for.

    `seq` is where the community's order stood after them.
    """

    epoch: str
    answers: list[Answer]
    seq: int = 0
    page: Page | None = None


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """A prepared file (`protocol.snapshot`) of the rows of one grid; "" holds what is common."""

    id: str
    grid: str
    rows: int
    size: int
    sha256: str


class SnapshotOffer(msgspec.Struct, frozen=True):
    """Every visible row as it stood at `cursor`: one file a grid that has rows."""

    epoch: str
    scope_version: int
    cursor: int
    pieces: list[Piece]
    digests: dict[str, tuple[int, str]]


class HistoryEvent(msgspec.Struct, frozen=True):
    """One operation on a record: who, when (server's receipt, device's claim), where, outcome.

    `fields` are the names it touched; `values` and `sets` what it brought, where it had an effect
    and the record lies in the asker's sight.
    """

    id: str
    author: str
    received_at: str
    made_at: str
    device: str
    action: str
    step: str
    fields: list[str]
    outcome: str
    reason: str
    values: dict[str, Any] = {}
    sets: dict[str, tuple[list[str], list[str]]] = {}


class History(msgspec.Struct, frozen=True):
    """The newest operations on a record, oldest first; `more` where older ones were left out."""

    events: list[HistoryEvent]
    more: bool = False


class Person(msgspec.Struct, frozen=True):
    """The account that is signed in, as the server knows it now.

    `lease_days` is how long a device may open its data without asking the server.
    """

    account: str
    name: str
    role: str
    scope: list[str]
    scope_version: int
    communities: list[str]
    lease_days: int = 30


class Removed(msgspec.Struct, frozen=True):
    """What a device forgot of a community, because it is entrusted to its user no more."""

    community: str
    grids: list[str]
    rows: int


class PurgeReceipt(msgspec.Struct, frozen=True):
    """A device is at this version of the scope, and nothing of what was lost is left on it."""

    scope_version: int
    removed: list[Removed] = []


class Receipt(msgspec.Struct, frozen=True):
    """The server has written down a purge receipt."""

    scope_version: int


class Left(msgspec.Struct, frozen=True):
    """An operation that a revoked device had not sent."""

    community: str
    incarnation: str
    operation: Operation


class LastUpload(msgspec.Struct, frozen=True):
    """What a revoked device had not sent, a part of it; `last`: nothing more is left on it."""

    left: list[Left]
    last: bool


class WipeOrder(msgspec.Struct, frozen=True):
    """The order to destroy the data of one device, signed with the organisation's Ed25519 key."""

    device: str
    ordered_at: str
    signature: str


class Quarantined(msgspec.Struct, frozen=True):
    """How many operations were kept; the order, if there is one and nothing is left to send."""

    kept: int
    order: WipeOrder | None = None


class EnrolRequest(msgspec.Struct, frozen=True):
    """First sign-in of a device; with `device`, a new sign-in of one that is enrolled already."""

    account: str
    password: str
    label: str
    device: str = ""


class Enrolment(msgspec.Struct, frozen=True):
    """What a device is given once: its id, code for numbers, and who its user is.

    `secret` is the first refresh token.
    """

    device: str
    code: str
    secret: str
    person: Person
    escrow_key: str = ""
    order_key: str = ""


class TokenRequest(msgspec.Struct, frozen=True):
    """A device asks for an access token; `secret` is its newest refresh token.

    `pending` is how many operations it has not sent yet, for the operator's list of devices.
    """

    device: str
    secret: str
    pending: int = 0


class Token(msgspec.Struct, frozen=True):
    """A short-lived access token, and the refresh token to ask with next time.

    The device keeps `refresh` durably before it uses it; until then the one it asked with is good.
    `exchange_key` is the key to which files for the server are sealed. `now` is what the server's
    clock says, "" from one that does not tell.
    """

    access: str
    expires_in: int
    person: Person
    exchange_key: str = ""
    refresh: str = ""
    now: str = ""


class Kept(msgspec.Struct, frozen=True):
    """How far the content of an attachment has come; `complete` when all of it is safe."""

    offset: int
    complete: bool


class News(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a stream of events says: a community has come to `seq`, or the scope to a version.

    Never more than that: what changed is asked for by pull.
    """

    community: str = ""
    seq: int = 0
    scope: int = 0


class Problem(msgspec.Struct, frozen=True):
    """Every refusal of the server: a code for programs and a Chinese sentence for people.

    `expected` is the n awaited (GAP), the current scope version (SCOPE) or the offset (OFFSET).
    """

    code: str
    sentence: str
    expected: int = 0


def encode(message: object) -> bytes:
    """A message as JSON."""
    return msgspec.json.encode(message)
