"""One-ID: likely duplicates are proposed to people with their evidence, and nothing personal is left behind."""

import datetime as dt
import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.people import OPERATOR, claim, member_id, resolve, told
from wellspring.kernel import audit, jobs
from wellspring.kernel.auth import ActorKind, Principal, Scope
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import Forbidden, Invalid
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people import jobs as people_jobs
from wellspring.people.contracts import Agreement, Decision, Permission
from wellspring.people.errors import ComparisonFailed, LinkageMissing, ViewTooNarrow
from wellspring.people.service import comparing, duplicates
from wellspring.people.settings import PeopleSettings

pytestmark = pytest.mark.skipif(not comparing.is_there(), reason="the optional library is not installed: pip install 'wellspring[linkage]'")

FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ("晓明", "子涵", "雨欣", "建国", "思远", "梦琪", "浩然", "佳怡", "志强", "诗婷", "俊杰", "欣妍", "伟", "芳", "天佑")
CITIES = ("杭州市", "上海市", "苏州市", "成都市", "西安市")


def crowd(count: int) -> Iterator[dict[str, Any]]:
    """People of a town, no two alike: their names repeat, their birthdays seldom."""
    for place, (family, given) in enumerate(itertools.islice(itertools.product(FAMILIES, GIVEN), count)):
        birthday = f"{1950 + place * 7 % 50}-{1 + place * 5 % 12:02}-{1 + place * 11 % 28:02}"
        yield {"name": family + given, "birthday": birthday, "city": CITIES[place % len(CITIES)]}


@pytest.fixture
def town(ws: Workspace) -> Workspace:
    """300 card holders; the 10th and the 20th also came in by themselves, without saying who they are."""
    people_jobs.register()
    ordinary = list(crowd(300))
    cards = [claim(f"card_no:c{place}", f"phone:1380000{place:04}", attributes=one) for place, one in enumerate(ordinary)]
    resolve(ws, *cards)
    resolve(ws, claim("openid/app:o10", attributes={**ordinary[10], "city": ordinary[10]["city"].removesuffix("市")}))
    resolve(ws, claim("openid/app:o20", attributes=ordinary[20]))
    return ws


def proposed(ws: Workspace, **asked: Any) -> dict[str, Any]:
    job_id = people.propose_duplicates(ws, by=OPERATOR, **asked)
    jobs.run_due(ws)
    job = jobs.get(ws, job_id)
    assert job.state == "done", job.error
    return job.result or {}


def waiting(ws: Workspace) -> dict[tuple[int, int], Any]:
    rows = people.conflicts(ws, by=OPERATOR).rows
    return {(one.holder_no, one.claimant_no): one for one in rows}


def test_likely_duplicates_come_into_the_queue_with_their_evidence_and_are_not_merged(town: Workspace) -> None:
    result = proposed(town)
    assert result["proposed"] == 2
    assert result["members"] == 302
    found = waiting(town)
    # The holder is the one with the stronger identifier.
    assert found.keys() == {(11, 301), (21, 302)}
    one = found[11, 301]
    assert (one.reason, one.kind, one.value) == ("likely_duplicate", None, "")
    assert one.probability >= 0.9
    said = {field.field: field for field in one.fields}
    assert {name: field.agreement for name, field in said.items()} == {
        "family": Agreement.SAME,
        "given": Agreement.SAME,
        "birthday": Agreement.SAME,
        "phone": Agreement.UNKNOWN,
        "place": Agreement.PART,
    }
    assert said["birthday"].weight > 5
    assert said["phone"].weight == 0
    assert people.holders(town) == {}
    assert {(body["holder_no"], body["claimant_no"]) for body in told(town, "people.conflict_opened")} == set(found)
    evidence = people.conflict(town, by=OPERATOR, conflict_id=one.id)
    assert evidence.holder.member.member_no == 11
    shown = {field.field: (field.holder, field.claimant) for field in evidence.conflict.fields}
    assert shown["family"] == shown["given"] == ("赵**", "赵**")
    assert shown["birthday"] == ("1970-03-27", "1970-03-27")
    assert shown["phone"] == ("138****0010", None)
    assert shown["place"] == ("杭州市", "杭州")


def test_a_second_run_adds_nothing_and_what_was_decided_stays_decided(town: Workspace) -> None:
    proposed(town)
    first, second = waiting(town)[11, 301], waiting(town)[21, 302]
    people.decide(town, by=OPERATOR, conflict_id=first.id, decision=Decision.KEEP_APART, reason="two cousins")
    again = proposed(town)
    assert (again["proposed"], again["apart"], again["again"]) == (0, 1, 1)
    assert waiting(town)[21, 302].times == 2
    people.decide(town, by=OPERATOR, conflict_id=second.id, decision=Decision.MERGE, survivor_id=member_id(town, 21), reason="one person")
    assert people.holders(town) == {302: 21}
    assert proposed(town)["proposed"] == 0
    assert waiting(town) == {}
    (merge,) = people.merges(town, by=OPERATOR, member_id=member_id(town, 21))
    people.unmerge(town, by=OPERATOR, merge_id=merge.id, reason="not at all")
    assert proposed(town)["proposed"] == 0


def test_two_accounts_are_never_proposed_and_there_is_no_identifier_to_move(ws: Workspace) -> None:
    people_jobs.register()
    twins = {"name": "欧阳娜娜", "birthday": "1990-03-08", "city": "杭州"}
    resolve(ws, claim("user_id:u1", attributes=twins), claim("user_id:u2", attributes=twins), claim("card_no:c1", attributes=twins))
    proposed(ws)
    found = waiting(ws)
    assert found.keys() == {(1, 3), (2, 3)}
    with pytest.raises(Invalid):
        people.decide(ws, by=OPERATOR, conflict_id=found[1, 3].id, decision=Decision.MOVE_IDENTITY)
    people.decide(ws, by=OPERATOR, conflict_id=found[1, 3].id, decision=Decision.MERGE)
    # The card belongs to the first account now, so the other question has answered itself.
    assert proposed(ws)["proposed"] == 0


def test_it_takes_the_right_to_decide_to_see_values_and_to_see_everybody(town: Workspace) -> None:
    def somebody(*permissions: Permission, **rest: Any) -> Principal:
        return Principal(id="usr_x", kind=ActorKind.USER, name="x", permissions=frozenset(permissions), **rest)

    narrow = Scope(unit_ids=frozenset({"unt_1"}))
    both = (Permission.CONFLICT_DECIDE, Permission.PII_READ)
    for by in (somebody(Permission.CONFLICT_DECIDE), somebody(Permission.PII_READ)):
        with pytest.raises(Forbidden):
            people.propose_duplicates(town, by=by)
    with pytest.raises(ViewTooNarrow):
        people.propose_duplicates(town, by=somebody(*both, scope=narrow))
    people.propose_duplicates(town, by=somebody(*both))
    jobs.run_due(town)
    (entry,) = [one for one in audit.listing(town.sql).rows if one.action == "people.duplicates.compare"]
    assert entry.actor_id == "usr_x"
    assert {"birthday", "name", "phone"} <= set(entry.detail["fields"])


def test_it_runs_by_itself_only_where_it_is_wanted(town: Workspace) -> None:
    jobs.run_due(town)
    assert waiting(town) == {}
    town.settings.put(PeopleSettings(duplicates_weekly=True))
    assert isinstance(town.clock, VirtualClock)
    town.clock.move_to(town.clock.now() + dt.timedelta(days=7))
    jobs.run_due(town)
    assert len(waiting(town)) == 2


def test_without_the_library_it_says_so(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "is_there", lambda: False)
    with pytest.raises(LinkageMissing):
        people.propose_duplicates(town, by=OPERATOR)
    assert not duplicates.is_wanted_weekly(town)


def test_a_comparison_that_dies_ends_the_job_and_writes_nothing(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "_MODULE", "wellspring.no_such_module")
    job_id = people.propose_duplicates(town, by=OPERATOR)
    jobs.run_due(town)
    job = jobs.get(town, job_id)
    assert job.state == "failed"
    assert (job.error or {})["code"] == ComparisonFailed.code
    assert waiting(town) == {}


def test_a_job_that_is_cancelled_stops_the_comparison(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = people.propose_duplicates(town, by=OPERATOR)
    told_steps: list[str] = []
    started = comparing.compare

    def cancelling(members: Any, *, least: float, most: int, step: Any) -> Any:
        jobs.cancel(town, job_id)
        return started(members, least=least, most=most, step=lambda name: (told_steps.append(name), step(name)))

    monkeypatch.setattr(comparing, "compare", cancelling)
    jobs.run_due(town)
    assert jobs.get(town, job_id).state == "cancelled"
    assert len(told_steps) == 1
    assert waiting(town) == {}


def test_i31_canaries_stand_nowhere_in_plain_after_a_comparison(
    ws: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people_jobs.register()
    spill = tmp_path / "spill"
    spill.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(spill))
    monkeypatch.chdir(spill)
    canary = {"name": "金丝雀张三", "address": "藏龙岛金丝雀路99号", "email": "canary.person@example.com"}
    with caplog.at_level(logging.DEBUG):
        resolve(ws, *[claim(f"card_no:c{place}", attributes=one) for place, one in enumerate(crowd(60))])
        resolve(ws, claim("card_no:x", "phone:13800138123", attributes=canary))
        resolve(ws, claim("openid/app:x", attributes={**canary, "email": "canary.person@example.org"}))
        assert proposed(ws)["proposed"] == 1
    assert list(spill.iterdir()) == []
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    words = caplog.text + "".join(capfd.readouterr()) + str(audit.listing(ws.sql).rows) + str(people.conflicts(ws, by=OPERATOR).rows)
    for text in ("金丝雀", "canary.person", "13800138123", "藏龙岛"):
        assert text.encode() not in everything
        assert text not in words
