"""Accounts and devices put straight into a server's database: no password is hashed."""

import dataclasses
import json

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.messages import EnrolRequest, TokenRequest
from sqzl_desktop.server import accounts, sign_in
from sqzl_desktop.server.tables import ACCOUNT

SECONDS = 24 * 3600


@dataclasses.dataclass(frozen=True)
class Admitted:
    """A device that is enrolled and signed in."""

    account: str
    role: str
    scope: tuple[str, ...]
    device: str
    secret: str
    access: str


def admit(
    connection: sa.Connection, account: str, role: str, scope: tuple[str, ...], clock: Clock
) -> Admitted:
    """A new account with a device and an access token for a day."""
    connection.execute(
        sa.insert(ACCOUNT).values(
            name=account, display=account, role=role, scope=json.dumps(scope), scope_version=1,
            password=accounts.NOBODY, disabled=0,
        )
    )  # fmt: skip
    made = sign_in.enrol(connection, EnrolRequest(account, "", account), clock)
    asked = TokenRequest(made.device, made.secret)
    token = sign_in.token(connection, asked, program="", clock=clock, seconds=SECONDS)
    return Admitted(account, role, scope, made.device, made.secret, token.access)
