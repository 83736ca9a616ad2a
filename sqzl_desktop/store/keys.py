"""密钥: the random key of the store, wrapped so that a password (and the machine) opens it.

The key file holds the key twice: wrapped by the password, bound to a secret in the operating
system's keyring where there is one, and sealed to the organisation's escrow key, so that a lost
keyring does not destroy unsent work. Anything else fails closed.
"""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sqzl_desktop.base.errors import KnownError, Locked

KEY_FILE = "store.key"
KEY_BYTES = 32
_WITH_VAULT = {"time": 3, "memory": 64 * 1024, "lanes": 2}
_ALONE = {"time": 4, "memory": 128 * 1024, "lanes": 2}


class Vault(Protocol):
    """The operating system's keyring."""

    def get_password(self, service: str, name: str) -> str | None:
        """The secret kept under that name, or None."""
        ...

    def set_password(self, service: str, name: str, secret: str) -> None:
        """Keep a secret."""
        ...

    def delete_password(self, service: str, name: str) -> None:
        """Forget a secret."""
        ...


SERVICE = "sqzl_desktop"


def system_vault() -> Vault | None:
    """The keyring of this machine, None where there is none to rely on."""
    if os.environ.get("SQZL_KEYRING") == "off":
        return None
    import keyring
    from keyring.backends import fail

    found = keyring.get_keyring()
    return None if isinstance(found, fail.Keyring) else found


def create_key(folder: Path, password: str, *, vault: Vault | None, escrow: str = "") -> bytes:
    """A new random key, wrapped and written to the folder. Returns the raw key."""
    key = os.urandom(KEY_BYTES)
    salt, name = os.urandom(16), base64.b32encode(os.urandom(10)).decode()
    cost = _WITH_VAULT if vault else _ALONE
    secret = b""
    if vault:
        secret = os.urandom(32)
        vault.set_password(SERVICE, name, _text(secret))
    content = {
        "version": 1,
        "name": name,
        "vault": vault is not None,
        "salt": _text(salt),
        "cost": cost,
        "wrapped": _seal(_wrapping(password, salt, secret, cost), key),
        "escrow": _escrow(escrow, key) if escrow else None,
    }
    _write(folder / KEY_FILE, json.dumps(content, indent=1))
    return key


def open_key(folder: Path, password: str, *, vault: Vault | None) -> bytes:
    """The raw key; Locked where the password is wrong or the keyring's part is missing."""
    content = _read(folder / KEY_FILE)
    secret = b""
    if content["vault"]:
        kept = vault.get_password(SERVICE, content["name"]) if vault else None
        if kept is None:
            raise Locked(
                "本机的系统密钥环里找不到解锁所需的密钥。请用原来的系统账号登录，"
                "或请信息管理人员用机构恢复密钥解锁；未上报的内容仍在本机"
            )
        secret = base64.b64decode(kept)
    wrapping = _wrapping(password, base64.b64decode(content["salt"]), secret, content["cost"])
    try:
        return _unseal(wrapping, content["wrapped"])
    except InvalidTag as error:
        raise Locked("密码不正确，请重新输入") from error


def forget_key(folder: Path, *, vault: Vault | None) -> None:
    """Take the keyring's part of the key away; the key file itself is the caller's."""
    try:
        content = _read(folder / KEY_FILE)
    except (Locked, KnownError):
        return
    if content["vault"] and vault and vault.get_password(SERVICE, content["name"]):
        vault.delete_password(SERVICE, content["name"])


def rescue_key(folder: Path, escrow_private: bytes) -> bytes:
    """The raw key, by the organisation's private escrow key (32 bytes, X25519)."""
    sealed = _read(folder / KEY_FILE)["escrow"]
    if not sealed:
        raise Locked("这份数据没有机构恢复密钥，只能用密码解锁")
    private = X25519PrivateKey.from_private_bytes(escrow_private)
    shared = private.exchange(X25519PublicKey.from_public_bytes(base64.b64decode(sealed["sender"])))
    return _unseal(_derive(shared, b"escrow"), sealed["box"])


def _escrow(public: str, key: bytes) -> dict[str, Any]:
    sender = X25519PrivateKey.generate()
    shared = sender.exchange(X25519PublicKey.from_public_bytes(base64.b64decode(public)))
    raw = sender.public_key().public_bytes_raw()
    return {"sender": _text(raw), "box": _seal(_derive(shared, b"escrow"), key)}


def _wrapping(password: str, salt: bytes, secret: bytes, cost: Mapping[str, int]) -> bytes:
    stretched = hash_secret_raw(
        password.encode(),
        salt,
        time_cost=cost["time"],
        memory_cost=cost["memory"],
        parallelism=cost["lanes"],
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
    return _derive(secret + stretched, b"store")


def _derive(material: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(
        material
    )


def _seal(key: bytes, content: bytes) -> str:
    nonce = os.urandom(12)
    return _text(nonce + AESGCM(key).encrypt(nonce, content, None))


def _unseal(key: bytes, sealed: str) -> bytes:
    raw = base64.b64decode(sealed)
    return AESGCM(key).decrypt(raw[:12], raw[12:], None)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _write(path: Path, content: str) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.chmod(0o600)
    new.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: content[name] for name in ("name", "vault", "salt", "cost", "wrapped", "escrow")
        }
    except FileNotFoundError as error:
        raise Locked("数据文件夹里没有密钥文件 store.key，请从备份中恢复它") from error
    except (ValueError, KeyError, OSError) as error:
        raise KnownError("密钥文件 store.key 已损坏，请从备份中恢复它") from error
