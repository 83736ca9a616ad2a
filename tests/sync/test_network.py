"""The bad network in short; `make torture` goes through three hundred runs."""

from pathlib import Path

from tests.torture import network

SEED = 3


def test_laptops_agree_once_the_network_is_healed(tmp_path: Path) -> None:
    told = network.endure(tmp_path, 10, SEED)

    assert told.failures == []
    assert len(told.met) > 10


def test_client_that_believes_every_answer_is_found_out(tmp_path: Path) -> None:
    assert network.endure(tmp_path, 3, SEED, network.Believing).failures
