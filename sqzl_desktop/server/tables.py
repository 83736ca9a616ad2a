"""表: the server's tables. Records are generic, so a new kind needs no migration.

JSON is kept as text, byte for byte as it travels. Every unique key of record data begins with the
community: the order of changes, and some day the distribution over machines, follow it.
"""

import sqlalchemy as sa

metadata = sa.MetaData()


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


COUNTER = sa.Table("counter", metadata, _key("community"), _whole("seq"))

RECORD = sa.Table(
    "record",
    metadata,
    _key("community"),
    _key("kind"),
    _key("id"),
    _text("grid"),
    _whole("rev"),
    _whole("deleted"),
    _text("fields"),
    _text("writes"),
    _text("last"),
    _text("hash"),
)

LOG = sa.Table(
    "log",
    metadata,
    _key("community"),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("id"),
    sa.Column("grid_before", sa.Text),  # NULL: the record was made here
    _text("grid_after"),
    # which operations the change brought, in words; "": all that the record names
    sa.Column("operations", sa.Text, nullable=False, server_default=""),
)

BUCKET = sa.Table(
    "bucket", metadata, _key("community"), _key("grid"), _whole("count"), _text("total")
)

OPERATION = sa.Table(
    "operation",
    metadata,
    _key("community"),
    _key("device"),
    _key("incarnation"),
    sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("id"),
    _text("hash"),
    _text("kind"),
    _text("record"),
    _text("account"),
    _text("author_name"),
    _text("received_at"),
    _text("made_at"),
    _text("body"),
    _text("outcome"),
    _text("reason"),
    _text("advice"),
    _text("agreed"),
)

# the highest number seen of each device: an operation offered again by a later incarnation has a
# number there but no row of its own in `operation`
STREAM = sa.Table(
    "stream", metadata, _key("community"), _key("device"), _key("incarnation"), _whole("n")
)

OPEN_CONFLICT = sa.Table(
    "open_conflict", metadata, _key("community"), _key("kind"), _key("record"), _key("id")
)

# which attachments' contents were received, and by whom; the bytes lie in files
BLOB = sa.Table(
    "blob",
    metadata,
    _key("community"),
    _key("attachment"),
    _key("sha256"),
    _whole("size"),
    _text("device"),
    _text("stored_at"),
)

ACCOUNT = sa.Table(
    "account",
    metadata,
    _key("name"),
    _text("display"),
    _text("role"),
    _text("scope"),
    _whole("scope_version"),
    _text("password"),
    _whole("disabled"),
)

# what was entrusted to an account, version by version; `changed_at` in seconds by this server's
# clock, 0 for the first
SCOPE_CHANGE = sa.Table(
    "scope_change",
    metadata,
    _key("account"),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("scope"),
    _whole("changed_at"),
)

# what devices said they had removed after a change of scope
PURGE = sa.Table(
    "purge",
    metadata,
    _key("device"),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("account"),
    _text("removed"),
    _text("received_at"),
)

# what revoked devices had not sent
QUARANTINE = sa.Table(
    "quarantine",
    metadata,
    _key("device"),
    _key("id"),
    _text("community"),
    _text("incarnation"),
    _whole("n"),
    _text("body"),
    _text("received_at"),
)

# devices that are to destroy their data; `given_at` when they were first told, "" before
WIPE = sa.Table("wipe", metadata, _key("device"), _text("ordered_at"), _text("given_at"))

DEVICE = sa.Table(
    "device",
    metadata,
    _key("id"),
    _whole("serial"),
    _text("code"),
    _text("account"),
    _text("label"),
    _text("secret_hash"),
    _text("created_at"),
    _text("seen_at"),
    _text("revoked"),
    _text("refresh"),
    _text("program"),
    _whole("pending"),
)

TOKEN = sa.Table(
    "token", metadata, _key("hash"), _text("device"), _text("account"), _whole("expires_at")
)

# devices whose data could not be brought to agree with ours
DIVERGENCE = sa.Table(
    "divergence", metadata, _key("community"), _key("device"), _text("at"), _text("grids")
)
GUESS = sa.Table("guess", metadata, _key("account"), _whole("count"), _whole("open_at"))

# keyed hashes of residents' ID numbers; `marked`: the number is that of another resident too
IDENTITY = sa.Table(
    "identity",
    metadata,
    _key("community"),
    _key("id"),
    _text("hash"),
    _text("grid"),
    _text("last"),
    _whole("marked"),
)

META = sa.Table("meta", metadata, _key("name"), _text("value"))
