"""The key pair to which devices seal what they send on a USB stick."""

import base64

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def apply(connection: sa.Connection) -> None:
    """Make the pair once."""
    private = X25519PrivateKey.generate()
    pair = {
        "exchange_public": private.public_key().public_bytes_raw(),
        "exchange_private": private.private_bytes_raw(),
    }
    line = sa.text("INSERT INTO meta (name, value) VALUES (:name, :value)")
    for name, key in pair.items():
        connection.execute(line, {"name": name, "value": base64.b64encode(key).decode("ascii")})
