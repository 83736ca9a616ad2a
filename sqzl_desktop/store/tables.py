"""表: the tables of the local database; one per kind, made from its description, and a few fixed.

A kind's table holds what is shown: the confirmed row with this device's unconfirmed changes upon
it. `rows` holds what is confirmed about it, `base` the confirmed values while they differ.
"""

from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.schema.kind import Column, Kind

metadata = sa.MetaData()


class Exact(sa.types.UserDefinedType[Any]):
    """A number kept as it came: 62 stays 62 and 62.0 stays 62.0, or row hashes would differ."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """SQLite converts nothing in a BLOB column."""
        return "BLOB"


_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "number": Exact,
    "decimal": Exact,
    "flag": sa.Integer,
}


def column(described: Column) -> sa.Column[Any]:
    """The SQL column of a described field: values as in JSON, sets and places as JSON text."""
    return sa.Column(described.name, _TYPES.get(described.type, sa.Text))


def table(kind: Kind[Any]) -> sa.Table:
    """The table of a kind: its fields, between the id and the fields it does not know."""
    return sa.Table(
        kind.name,
        metadata,
        sa.Column("id", sa.Text, primary_key=True),
        *map(column, kind.columns),
        sa.Column("extra", sa.Text),
        *(
            sa.Index(f"{kind.name}_{each.name}", each.name)
            for each in kind.columns
            if each.type == "ref" and each.name != "community_id"
        ),
    )


TABLES = {kind.name: table(kind) for kind in KINDS}
sa.Index("attachment_record", TABLES["attachment"].c.record_id)
# the long lists stand in this order before anybody sorts them
for _kind, _field in (("resident", "name"), ("dwelling", "address"), ("household", "head_name")):
    sa.Index(f"{_kind}_{_field}", TABLES[_kind].c[_field], TABLES[_kind].c.id)

rows = sa.Table(
    "rows",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("grid", sa.Text, nullable=False),
    sa.Column("rev", sa.Integer, nullable=False),  # 0: never confirmed
    sa.Column("deleted", sa.Integer, nullable=False),
    sa.Column("last", sa.Text, nullable=False),
    sa.Column("writes", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary),
    sa.UniqueConstraint("kind", "id"),
)
sa.Index("rows_community", rows.c.community)

base = sa.Table(
    "base",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("fields", sa.Text, nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("incarnation", sa.Text, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # pending, answered, done, refused
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("advice", sa.Text, nullable=False),
    # where the community's order stood when it was done; 0: not done yet
    sa.Column("seq", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("community", "incarnation", "n"),
)
sa.Index("outbox_state", outbox.c.state, outbox.c.community, outbox.c.n)
sa.Index("outbox_record", outbox.c.kind, outbox.c.record)

author = sa.Table(
    "author",
    metadata,
    sa.Column("operation", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
)

history = sa.Table(
    "history",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.UniqueConstraint("record", "operation", "field"),  # also finds the lines of a record
)

# contents of attachments that are on this device; an attachment without a line here is absent
blob = sa.Table(
    "blob",
    metadata,
    sa.Column("attachment", sa.Text, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sent", sa.Integer, nullable=False),  # bytes that the server has
    sa.Column("stored", sa.Integer, nullable=False),  # 1: the server has all of it
    sa.Column("problem", sa.Text, nullable=False),  # why the server did not take it
)

blob_part = sa.Table(
    "blob_part",
    metadata,
    sa.Column("attachment", sa.Text, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

cursor = sa.Table(
    "cursor",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("epoch", sa.Text, nullable=False),
    sa.Column("scope_version", sa.Integer, nullable=False),
    sa.Column("cursor", sa.Integer, nullable=False),
)

bucket = sa.Table(
    "bucket",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("grid", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("total", sa.Text, nullable=False),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

download = sa.Table(
    "download",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("snapshot", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# an import: its operations are those of the outbox from `first` to `last`
import_run = sa.Table(
    "import_run",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("undone_at", sa.Text, nullable=False),
)

outside_form = sa.Table(
    "outside_form",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("template", sa.LargeBinary, nullable=False),
    sa.Column("handed_in_at", sa.Text, nullable=False),
)

# of every row that was handed in: a digest of its cells, and what people call it
handed_in = sa.Table(
    "handed_in",
    metadata,
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
)

migration = sa.Table(
    "migration",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("applied_at", sa.Text, nullable=False),
)
