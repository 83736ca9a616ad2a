"""The entry: what it knows of a data folder before it opens it."""

from pathlib import Path

import msgspec
import pytest

from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.services.profile import PROFILE_FILE, Profile
from sqzl_desktop.start import LateOpener


def test_profile_is_read_before_anything_is_opened(tmp_path: Path) -> None:
    profile = Profile("https://sync.example.cn", "wang", "笔记本A")
    assert LateOpener().profile(tmp_path) is None

    (tmp_path / PROFILE_FILE).write_bytes(msgspec.json.encode(profile))

    assert LateOpener().profile(tmp_path) == profile


def test_damaged_profile_is_told(tmp_path: Path) -> None:
    (tmp_path / PROFILE_FILE).write_bytes(b"{")

    with pytest.raises(KnownError, match=r"device\.json 已损坏"):
        LateOpener().profile(tmp_path)


def test_folder_that_nobody_enrolled_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="还没有登录过"):
        LateOpener().unlock(tmp_path, "whatever")
    with pytest.raises(KnownError, match="服务器"):
        LateOpener().enrol(
            tmp_path, server="nowhere", account="wang", password="whatever", label=""
        )
