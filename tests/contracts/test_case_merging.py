"""Two reports of one matter: one case is kept, the other leads to it; never in a circle."""

import concurrent.futures
import threading

import pytest

from sqzl_desktop.domain.access import COMMUNITY_LEAD
from tests.contracts.cases import brought_to, state_of, stepped, take

ROUNDS = 20


@pytest.fixture
def lead(backend):
    return backend.device("李书记", role=COMMUNITY_LEAD)


def test_merged_case_leads_to_the_one_that_is_kept(lead):
    kept, double = brought_to(lead, "handling"), brought_to(lead, "reported")

    (answer,) = take(lead, double, "merge", merged_into=kept)

    assert answer.outcome == "applied"
    fields = lead.rows["case", double].fields
    assert (fields["state"], fields["merged_into"], fields["close_kind"]) == (
        "merged", kept, "merged",
    )  # fmt: skip
    (told,) = [row.fields for (kind, _), row in lead.live().items()
               if kind == "case_step" and row.fields["case_id"] == double]  # fmt: skip
    number = lead.rows["case", kept].fields.get("number", "")
    assert told["content"] == f"并入：楼道堆物 {number}".strip()


def test_reporter_of_the_merged_case_is_called_back_too(lead):
    kept, double = brought_to(lead, "closed"), brought_to(lead, "reported")
    take(lead, double, "merge", merged_into=kept)

    answers = take(lead, double, "callback", satisfaction="02")

    assert {each.outcome for each in answers} == {"applied"}
    assert lead.rows["case", double].fields["satisfaction"] == "02"
    assert state_of(lead, double) == "merged"


def test_case_is_not_merged_by_an_edit(lead):
    kept, double = brought_to(lead, "handling"), brought_to(lead, "reported")

    (answer,) = lead.push(lead.put("case", double, {"merged_into": kept}))

    assert (answer.outcome, answer.reason) == ("rejected", "并入案件不能直接修改")


@pytest.mark.parametrize("target", ["itself", "nobody", "void", "its own double"])
def test_merge_into_what_is_not_there_or_leads_back_is_refused(lead, target):
    kept, double = brought_to(lead, "handling"), brought_to(lead, "reported")
    into = {"itself": double, "nobody": "01990000-0000-7000-8000-000000000000"}.get(target, kept)
    if target == "void":
        take(lead, kept, "void", void_reason="误报")
    if target == "its own double":
        take(lead, kept, "merge", merged_into=double)

    (answer,) = take(lead, double, "merge", merged_into=into)

    assert answer.outcome == "rejected"
    assert state_of(lead, double) == "reported"


@pytest.mark.postgres
def test_opposite_merges_at_once_leave_one_case_to_be_kept(backend, lead, database_url):
    if database_url.startswith("sqlite"):
        pytest.skip("one writer at a time")
    second = backend.device("赵主任", role=COMMUNITY_LEAD)
    together = threading.Barrier(2)
    pairs = [(brought_to(lead, "reported"), brought_to(lead, "reported")) for _ in range(ROUNDS)]
    second.pull()

    def merge_all(device, order):
        answers = []
        for pair in pairs:
            double, kept = pair[::order]
            (step,) = stepped(device, double, "merge", merged_into=kept)
            together.wait(30)
            answers += device.push(step)
        return answers

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(merge_all, device, order)
                   for device, order in ((lead, 1), (second, -1))]  # fmt: skip
        answers = list(zip(*(each.result() for each in futures), strict=True))

    lead.pull()
    for pair, told in zip(pairs, answers, strict=True):
        assert sorted(state_of(lead, each) for each in pair) == ["merged", "reported"]
        assert sorted(each.outcome for each in told) == ["applied", "rejected"]
        (refused,) = [each.reason for each in told if each.outcome == "rejected"]
        assert refused == "这两件案件已由他人合并，保留的是本案；您的合并没有生效"
