"""The tables of the first release, its epoch and its escrow key pair."""

import base64
import secrets

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_TABLES = """
CREATE TABLE counter (community TEXT PRIMARY KEY, seq BIGINT NOT NULL);
CREATE TABLE record (
    community TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, grid TEXT NOT NULL,
    rev BIGINT NOT NULL, deleted BIGINT NOT NULL, fields TEXT NOT NULL, writes TEXT NOT NULL,
    last TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (community, kind, id));
CREATE INDEX record_grid ON record (community, grid);
CREATE TABLE log (
    community TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    grid_before TEXT, grid_after TEXT NOT NULL, PRIMARY KEY (community, seq));
CREATE TABLE bucket (
    community TEXT NOT NULL, grid TEXT NOT NULL, count BIGINT NOT NULL, total TEXT NOT NULL,
    PRIMARY KEY (community, grid));
CREATE TABLE operation (
    community TEXT NOT NULL, device TEXT NOT NULL, incarnation TEXT NOT NULL, n BIGINT NOT NULL,
    id TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
    account TEXT NOT NULL, author_name TEXT NOT NULL, received_at TEXT NOT NULL,
    made_at TEXT NOT NULL, body TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
    advice TEXT NOT NULL, agreed TEXT NOT NULL,
    PRIMARY KEY (community, device, incarnation, n), UNIQUE (community, id));
CREATE INDEX operation_record ON operation (community, kind, record);
CREATE TABLE stream (
    community TEXT NOT NULL, device TEXT NOT NULL, incarnation TEXT NOT NULL, n BIGINT NOT NULL,
    PRIMARY KEY (community, device, incarnation));
CREATE TABLE open_conflict (
    community TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (community, kind, record, id));
CREATE INDEX open_conflict_id ON open_conflict (community, id);
CREATE TABLE account (
    name TEXT PRIMARY KEY, display TEXT NOT NULL, role TEXT NOT NULL, scope TEXT NOT NULL,
    scope_version BIGINT NOT NULL, password TEXT NOT NULL, disabled BIGINT NOT NULL);
CREATE TABLE device (
    id TEXT PRIMARY KEY, serial BIGINT NOT NULL UNIQUE, code TEXT NOT NULL, account TEXT NOT NULL,
    label TEXT NOT NULL, secret_hash TEXT NOT NULL, created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL, revoked TEXT NOT NULL);
CREATE TABLE token (
    hash TEXT PRIMARY KEY, device TEXT NOT NULL, account TEXT NOT NULL,
    expires_at BIGINT NOT NULL);
CREATE INDEX token_device ON token (device);
"""


def apply(connection: sa.Connection) -> None:
    """Make the tables; `meta` is there already."""
    for statement in _TABLES.split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    private = X25519PrivateKey.generate()
    values = {
        "epoch": secrets.token_hex(16),
        "escrow_public": _base64(private.public_key().public_bytes_raw()),
        # stands here until the organisation keeps it outside the database (deploy guide)
        "escrow_private": _base64(private.private_bytes_raw()),
    }
    statement_text = sa.text("INSERT INTO meta (name, value) VALUES (:name, :value)")
    connection.execute(statement_text, [{"name": n, "value": v} for n, v in values.items()])


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")
