"""Last uploads of revoked devices, orders to destroy, and the key pair that signs them."""

import base64

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TABLES = (
    """
CREATE TABLE quarantine (
    device TEXT NOT NULL, id TEXT NOT NULL, community TEXT NOT NULL, incarnation TEXT NOT NULL,
    n BIGINT NOT NULL, body TEXT NOT NULL, received_at TEXT NOT NULL, PRIMARY KEY (device, id))
""",
    """
CREATE TABLE wipe (device TEXT PRIMARY KEY, ordered_at TEXT NOT NULL, given_at TEXT NOT NULL)
""",
)


def apply(connection: sa.Connection) -> None:
    """Make the tables and the key pair."""
    for statement in _TABLES:
        connection.exec_driver_sql(statement)
    private = Ed25519PrivateKey.generate()
    values = {
        "order_public": _base64(private.public_key().public_bytes_raw()),
        # stands here as the escrow key does, until the organisation keeps it elsewhere
        "order_private": _base64(private.private_bytes_raw()),
    }
    statement_text = sa.text("INSERT INTO meta (name, value) VALUES (:name, :value)")
    connection.execute(statement_text, [{"name": n, "value": v} for n, v in values.items()])


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")
