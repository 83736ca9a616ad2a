"""登记信息: what is known of a data folder before it is unlocked; the login needs nothing more."""

import dataclasses
from pathlib import Path

import msgspec

from sqzl_desktop.base.errors import KnownError

PROFILE_FILE = "device.json"


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a data folder before it is unlocked.

    `keyring` says whether the key of the store is bound to the system's keyring as well; `ca` is
    where the certificate of the authority came from that vouches for the server ("" for the usual
    ones); a copy lies beside the data.
    """

    server: str
    account: str
    label: str
    keyring: bool = False
    ca: str = ""


def read_profile(folder: Path) -> Profile | None:
    """The profile of an enrolled folder, None where nobody has enrolled yet."""
    return written_profile(folder) if (folder / PROFILE_FILE).exists() else None


def written_profile(folder: Path) -> Profile:
    """The profile of a folder that has one. Raises KnownError where it cannot be read."""
    try:
        return msgspec.json.decode((folder / PROFILE_FILE).read_bytes(), type=Profile)
    except (OSError, msgspec.DecodeError) as error:
        raise KnownError("数据文件夹里的 device.json 已损坏，请从备份中恢复它") from error
