"""续期: the token a device asks for access with. Each is used once; an older one was stolen.

A token is `family.n.random.tag`; the first of a family, given for the password, is `family` alone.
The database keeps hashes only. The tag is made with the server's key, so that a token which the
server does not know any more, having been restored from a backup, is still known as its own.
"""

import hashlib
import hmac
import secrets

import msgspec

_MOST_FRESH = 8  # answers that got lost on the way, one after the other


class Unknown(Exception):
    """The token is none of this device's present family."""


class Stolen(Exception):
    """The token was followed by another that has been used: two hold what only one was given."""


class State(msgspec.Struct, frozen=True):
    """What is kept of a family: the highest number given, the token used last, its answers."""

    n: int
    used: str
    fresh: list[str]


def new_family() -> str:
    """The first token of a family."""
    return secrets.token_urlsafe(32)


def began(family: str) -> State:
    """The state of a family, of whose first token this is the hash."""
    return State(0, "", [family])


def hashed(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def family_hash(token: str) -> str:
    """The hash of the family a token says it is of."""
    return hashed(token.partition(".")[0])


def follow(state: State, device: str, token: str, key: str) -> tuple[State, str]:
    """The state and the next token, for a token of the family. Raises Unknown and Stolen.

    Where the answer got lost, the device offers the same once more and gets another answer. The
    first answer that is used makes all others worthless.
    """
    n = _number(device, token, key)
    mine = hashed(token)
    if mine == state.used:
        fresh = state.fresh[1 - _MOST_FRESH :]
    elif mine in state.fresh or n > state.n:
        fresh = []
    else:
        raise Stolen
    following = max(state.n, n) + 1
    content = f"{token.partition('.')[0]}.{following}.{secrets.token_urlsafe(16)}"
    given = f"{content}.{_tag(device, content, key)}"
    return State(following, mine, [*fresh, hashed(given)]), given


def _number(device: str, token: str, key: str) -> int:
    if "." not in token:
        return 0
    content, _, tag = token.rpartition(".")
    number = content.split(".")[1:2]
    if not hmac.compare_digest(tag.encode(), _tag(device, content, key).encode()):
        raise Unknown
    return int(number[0])


def _tag(device: str, content: str, key: str) -> str:
    return hmac.new(key.encode(), f"{device}.{content}".encode(), hashlib.sha256).hexdigest()
