"""The key file: opened by the password (and the machine's keyring), by nothing else."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sqzl_desktop.base.errors import KnownError, Locked
from sqzl_desktop.store import keys

PASSWORD = "correct-horse-7"


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret


@pytest.mark.parametrize("vault", [None, Ring()], ids=["password alone", "with keyring"])
def test_key_is_opened_by_its_password(tmp_path: Path, vault: Ring | None) -> None:
    key = keys.create_key(tmp_path, PASSWORD, vault=vault)

    assert keys.open_key(tmp_path, PASSWORD, vault=vault) == key
    with pytest.raises(Locked, match="密码不正确"):
        keys.open_key(tmp_path, PASSWORD + "x", vault=vault)


def test_key_file_copied_to_another_machine_stays_shut(tmp_path: Path) -> None:
    keys.create_key(tmp_path, PASSWORD, vault=Ring())

    with pytest.raises(Locked, match="密钥环"):
        keys.open_key(tmp_path, PASSWORD, vault=Ring())
    with pytest.raises(Locked, match="密钥环"):
        keys.open_key(tmp_path, PASSWORD, vault=None)


def test_key_file_holds_neither_key_nor_password(tmp_path: Path) -> None:
    key = keys.create_key(tmp_path, PASSWORD, vault=None)

    content = (tmp_path / keys.KEY_FILE).read_text()

    assert PASSWORD not in content
    assert key.hex() not in content
    assert base64.b64encode(key).decode() not in content
    assert (tmp_path / keys.KEY_FILE).stat().st_mode & 0o077 == 0


def test_escrow_key_rescues_a_lost_keyring(tmp_path: Path) -> None:
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    raw = private.private_bytes(
        serialization.Encoding.Raw,
        serialization.PrivateFormat.Raw,
        serialization.NoEncryption(),
    )
    key = keys.create_key(
        tmp_path, PASSWORD, vault=Ring(), escrow=base64.b64encode(public).decode()
    )

    assert keys.rescue_key(tmp_path, raw) == key


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"version": 1}'])
def test_damaged_key_file_is_said_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / keys.KEY_FILE).write_text(content)

    with pytest.raises(KnownError, match="已损坏"):
        keys.open_key(tmp_path, PASSWORD, vault=None)


def test_tampered_wrap_stays_shut(tmp_path: Path) -> None:
    keys.create_key(tmp_path, PASSWORD, vault=None)
    path = tmp_path / keys.KEY_FILE
    content = json.loads(path.read_text())
    wrapped = bytearray(base64.b64decode(content["wrapped"]))
    wrapped[-1] ^= 1
    path.write_text(json.dumps({**content, "wrapped": base64.b64encode(wrapped).decode()}))

    with pytest.raises(Locked):
        keys.open_key(tmp_path, PASSWORD, vault=None)
