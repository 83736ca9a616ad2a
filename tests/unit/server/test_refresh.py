import pytest

from sqzl_desktop.server import refresh
from sqzl_desktop.server.refresh import Stolen, Unknown

KEY = "the server's key"


class Holder:
    """A family at the server, and what its device is given."""

    def __init__(self):
        self.first = refresh.new_family()
        self.state = refresh.began(refresh.hashed(self.first))

    def offer(self, token, device="d"):
        self.state, given = refresh.follow(self.state, device, token, KEY)
        return given


@pytest.fixture
def holder():
    return Holder()


def test_each_token_leads_to_the_next(holder):
    tokens = [holder.first]
    for _ in range(20):
        tokens.append(holder.offer(tokens[-1]))

    assert len(set(tokens)) == 21
    assert {refresh.family_hash(each) for each in tokens} == {refresh.hashed(holder.first)}


def test_lost_answers_are_given_again(holder):
    second = holder.offer(holder.first)
    lost = [holder.offer(second) for _ in range(50)]

    third = holder.offer(second)

    assert third not in lost
    assert holder.offer(third)


def test_any_one_of_several_answers_may_be_the_one_that_came(holder):
    answers = [holder.offer(holder.first) for _ in range(3)]

    assert holder.offer(answers[0])


def test_older_token_is_stolen(holder):
    second = holder.offer(holder.first)
    third = holder.offer(second)
    holder.offer(third)

    for older in (holder.first, second):
        with pytest.raises(Stolen):
            holder.offer(older)


def test_two_that_go_on_from_the_same_token_are_found(holder):
    mine, theirs = holder.offer(holder.first), holder.offer(holder.first)
    holder.offer(theirs)

    with pytest.raises(Stolen):
        holder.offer(mine)


def test_server_restored_from_a_backup_knows_its_later_tokens(holder):
    token = holder.offer(holder.first)
    backup = holder.state
    for _ in range(5):
        token = holder.offer(token)
    holder.state = backup

    assert holder.offer(holder.offer(token))


def test_tampered_foreign_and_invented_tokens_are_unknown(holder):
    good = holder.offer(holder.first)
    family, _, nonce, tag = good.split(".")
    invented = (
        "9." + nonce + "." + tag,
        "1",
        "",
        "x.y.z",
        tag,
        f"9.{nonce}.é",
        f"1.{nonce}.{tag}x",
    )
    for token in (f"{family}.{each}" for each in invented):
        with pytest.raises(Unknown):
            holder.offer(token)
    with pytest.raises(Unknown):
        holder.offer(good, device="another")
