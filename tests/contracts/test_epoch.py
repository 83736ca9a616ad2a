"""The epoch: raised when a device is ahead; and which operations the server remembers."""

import msgspec

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import messages
from tests.contracts.backend import COMMUNITY, resident


def ask_known(device, ids, community=COMMUNITY):
    content = messages.encode(messages.Ids(list(ids)))
    return device.ask("POST", f"/v1/c/{community}/known", content=content)


def pull_from(device, since):
    query = {"since": since, "scope": 1, "epoch": device.known_epoch()}
    return device.ask("GET", f"/v1/c/{COMMUNITY}/pull", params=query)


def test_server_tells_which_operations_it_knows(worker, other):
    mine = worker.put("resident", new_id(), resident())
    worker.push(mine)

    for device in (worker, other):
        answer = ask_known(device, [mine.id, new_id()])
        assert msgspec.json.decode(answer.content, type=messages.Ids).ids == [mine.id]


def test_question_about_another_community_or_about_nonsense_is_refused(worker):
    assert ask_known(worker, [], community="640104001002").status_code == 403
    assert ask_known(worker, ["../x"]).status_code == 400
    assert ask_known(worker, [new_id()] * (messages.MOST_IDS + 1)).status_code == 400


def test_device_ahead_of_the_server_raises_the_epoch_once_an_hour(backend, worker, other):
    for device in (worker, other):
        device.known_epoch()
    epochs = {worker.epoch}

    for since in (7, 8):
        answer = pull_from(worker, since)
        assert (answer.status_code, answer.json()["code"]) == (409, "EPOCH")
        epochs.add(worker.offer().epoch)
    assert len(epochs) == 2
    assert pull_from(other, 0).json()["code"] == "EPOCH"

    worker.epoch = worker.offer().epoch
    pull_from(worker, 9)
    assert worker.offer().epoch in epochs
    backend.clock.advance(hours=2)
    worker.connect()
    pull_from(worker, 9)
    assert worker.offer().epoch not in epochs


def test_device_that_is_not_ahead_changes_nothing(worker):
    before = worker.known_epoch()

    assert pull_from(worker, 0).status_code == 200
    assert worker.offer().epoch == before
