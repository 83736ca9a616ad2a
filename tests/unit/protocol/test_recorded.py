"""Messages recorded from the first program that spoke protocol 1: none of their words is lost."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sqzl_desktop.protocol.messages import (
    Answers,
    Enrolment,
    EnrolRequest,
    Page,
    Push,
    Token,
    TokenRequest,
)

RECORDED = Path(__file__).resolve().parents[2] / "data/protocol/1.jsonl"
LINES = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
REQUESTS = {"/v1/enrol": EnrolRequest, "/v1/token": TokenRequest, "/push": Push}
ANSWERS = {"/v1/enrol": Enrolment, "/v1/token": Token, "/push": Answers, "/pull": Page}
SAID = [
    (line[side], kinds[line["path"]])
    for line in LINES
    for side, kinds in (("request", REQUESTS), ("answer", ANSWERS))
    if line["path"] in kinds and line["status"] == 200
]


def is_kept(said: Any, understood: Any) -> bool:
    """Is all that was said still there? What is understood may hold more."""
    if isinstance(said, dict):
        return isinstance(understood, dict) and all(
            name in understood and is_kept(value, understood[name]) for name, value in said.items()
        )
    if isinstance(said, list):
        return (
            isinstance(understood, list)
            and len(said) <= len(understood)
            and all(map(is_kept, said, understood))
        )
    return bool(said == understood)


@pytest.mark.parametrize("place", range(len(SAID)))
def test_recorded_message_is_understood_to_its_last_word(place: int) -> None:
    text, kind = SAID[place]

    understood = msgspec.json.decode(text, type=kind)

    assert is_kept(json.loads(text), json.loads(msgspec.json.encode(understood)))


def test_recording_holds_every_message_that_both_sides_still_know() -> None:
    assert {kind for _, kind in SAID} == {*REQUESTS.values(), *ANSWERS.values()}


def test_lost_word_would_be_found() -> None:
    assert not is_kept({"a": [1, {"b": 2}]}, {"a": [1, {}]})
