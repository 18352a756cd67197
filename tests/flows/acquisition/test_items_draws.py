"""Draws: published beforehand, exactly as many prizes as were published, never beyond the budget, whatever happens."""

import hashlib
import json
import random
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import forked, workspaces
from tests.support.items import ADDRESS, DAY, PRIZES, accounts, batch_of, codes_of, draw_of, scanner
from tests.support.tags import people_of
from wellspring.acquisition.api import item_codes as api
from wellspring.acquisition.contracts.item_codes import DrawDraft, DrawState, PrizeDraft, PrizeKind
from wellspring.acquisition.errors import item_codes as errors
from wellspring.acquisition.models.item_codes import draw_table
from wellspring.acquisition.rules import draws
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Installation, Workspace


def drawn(ws: Workspace, codes: list[str], *, threads: int = 1, presses: int = 1) -> None:
    """Presses the button of each code, several times and in any order."""
    turns = [(number, code) for number, code in enumerate(codes)] * presses
    random.Random(7).shuffle(turns)

    def press(turn: tuple[int, str]) -> None:
        api.claim(ws, code=turn[1], scanner=scanner(turn[0]), address=ADDRESS)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(press, turns))


class TestDraw:
    def test_every_prize_is_drawn_exactly_as_often_as_published(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 40)
        draw_id = draw_of(workspace, batch_id)
        drawn(workspace, codes_of(workspace, batch_id, 40))
        found = api.draw(workspace, draw_id=draw_id)
        assert [(one.won, one.count) for one in found.prizes] == [(1, 1), (3, 3)]
        assert accounts(workspace) == {"drawn": 40, "won": 4, "spent_minor": 8_800 + 3 * 500}

    def test_pressing_again_shows_the_same_and_costs_nothing(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 4)
        draw_of(workspace, batch_id)
        code = codes_of(workspace, batch_id, 1)[0]
        first = api.claim(workspace, code=code, scanner=scanner(1), address=ADDRESS)
        again = api.claim(workspace, code=code, scanner=scanner(1), address=ADDRESS)
        assert first == again
        assert again.prize is not None
        assert again.ticket == 0
        assert accounts(workspace)["drawn"] == 1

    def test_the_seed_is_promised_before_and_shown_after(self, workspace: Workspace, clock: VirtualClock) -> None:
        batch_id = batch_of(workspace, 40)
        draw_id = draw_of(workspace, batch_id)
        promised = api.draw(workspace, draw_id=draw_id)
        assert promised.seed is None
        seen = [api.claim(workspace, code=code, scanner=scanner(1), address=ADDRESS) for code in codes_of(workspace, batch_id, 40)]
        with pytest.raises(errors.DrawRunning):
            api.end_draw(workspace, by=SYSTEM, draw_id=draw_id)
        clock.move_to(promised.ends_at)
        api.end_draw(workspace, by=SYSTEM, draw_id=draw_id)
        shown = api.draw(workspace, draw_id=draw_id)
        assert shown.state is DrawState.ENDED
        assert shown.seed is not None
        seed = bytes.fromhex(shown.seed)
        assert hashlib.sha256(seed).hexdigest() == promised.seed_hash
        for one in seen:
            index = draws.outcome(one.ticket or 0, 40, seed, [prize.count for prize in PRIZES])
            assert (one.prize.name if one.prize else None) == (None if index is None else PRIZES[index].name)

    def test_nothing_is_drawn_before_or_after_its_time(self, workspace: Workspace, clock: VirtualClock) -> None:
        batch_id = batch_of(workspace, 40)
        draw_id = draw_of(workspace, batch_id)
        member_no = people_of(workspace, 1)[0]
        codes = codes_of(workspace, batch_id, 3)
        clock.move_to(clock.now() - DAY)
        assert api.claim(workspace, code=codes[0], scanner=scanner(1), address=ADDRESS).drawn_at is None
        clock.move_to(api.draw(workspace, draw_id=draw_id).ends_at)
        with pytest.raises(errors.DrawClosed):
            api.draw_member(workspace, code=codes[1], member_no=member_no)
        assert accounts(workspace)["drawn"] == 0

    def test_a_member_draws_once(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 4)
        draw_id = draw_of(workspace, batch_id)
        code, member_no = codes_of(workspace, batch_id, 1)[0], people_of(workspace, 1)[0]
        assert api.draw_member(workspace, code=code, member_no=member_no) == api.draw_member(workspace, code=code, member_no=member_no)
        award = api.awards(workspace, by=SYSTEM, draw_id=draw_id).rows[0]
        assert award.member_id is not None
        assert award.handed_at is None
        api.hand_over(workspace, by=SYSTEM, draw_id=draw_id, ticket=award.ticket)
        with pytest.raises(errors.PrizeNotWon):
            api.hand_over(workspace, by=SYSTEM, draw_id=draw_id, ticket=award.ticket)
        assert api.awards(workspace, by=SYSTEM, draw_id=draw_id, is_waiting=True).rows == []


class TestPublishing:
    def draft(self, ws: Workspace, **values: object) -> DrawDraft:
        now = ws.clock.now()
        kept = {"budget_minor": 10_300, "starts_at": now, "ends_at": now + DAY, "prizes": PRIZES} | values
        return DrawDraft("开盖有奖", "每码一次", **kept)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [
            ({"budget_minor": 10_299}, errors.DrawOverBudget),
            ({"prizes": ()}, errors.DrawEmpty),
            ({"prizes": (PrizeDraft("券", PrizeKind.COUPON, 41, 0),)}, errors.DrawTooManyPrizes),
            ({"ends_at": workspaces.START}, errors.DrawEmpty),
        ],
    )
    def test_what_cannot_be_kept_is_not_promised(self, workspace: Workspace, values: dict[str, object], refusal: type[Exception]) -> None:
        batch_id = batch_of(workspace, 40)
        with pytest.raises(refusal):
            api.write_draw(workspace, by=SYSTEM, batch_id=batch_id, draft=self.draft(workspace, **values))

    def test_a_draft_draws_nothing_and_what_is_published_stays(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 40)
        draw_id = api.write_draw(workspace, by=SYSTEM, batch_id=batch_id, draft=self.draft(workspace))
        assert api.claim(workspace, code=codes_of(workspace, batch_id, 1)[0], scanner=scanner(1), address=ADDRESS).draw is None
        assert api.write_draw(workspace, by=SYSTEM, batch_id=batch_id, draft=self.draft(workspace)) == draw_id
        api.publish_draw(workspace, by=SYSTEM, draw_id=draw_id)
        with pytest.raises(errors.DrawFixed):
            api.write_draw(workspace, by=SYSTEM, batch_id=batch_id, draft=self.draft(workspace))
        with pytest.raises(errors.DrawFixed):
            api.publish_draw(workspace, by=SYSTEM, draw_id=draw_id)


class TestBudget:
    def test_draws_at_once_agree(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 60)
        draw_of(workspace, batch_id, (PrizeDraft("红包", PrizeKind.CASH, 20, 100), PrizeDraft("小样", PrizeKind.SAMPLE, 10, 30)))
        drawn(workspace, codes_of(workspace, batch_id, 60), threads=12, presses=3)
        assert accounts(workspace) == {"drawn": 60, "won": 30, "spent_minor": 2_300}

    def test_a_budget_that_is_short_by_mistake_is_not_exceeded_at_once_either(self, workspace: Workspace) -> None:
        batch_id = batch_of(workspace, 60)
        draw_of(workspace, batch_id, (PrizeDraft("红包", PrizeKind.CASH, 60, 100),))
        # Nothing of the product can do this; the counters must stand on their own.
        with workspace.sql.write() as tx:
            tx.execute(sa.update(draw_table).values(budget_minor=2_050))
        codes = codes_of(workspace, batch_id, 60)

        def press(number: int) -> bool:
            try:
                api.claim(workspace, code=codes[number], scanner=scanner(number), address=ADDRESS)
            except errors.DrawBudgetSpent:
                return False
            return True

        with ThreadPoolExecutor(12) as pool:
            assert sum(pool.map(press, range(60))) == 20
        assert accounts(workspace) == {"drawn": 20, "won": 20, "spent_minor": 2_000}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tickets=st.integers(1, 24),
    prizes=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 9_000)), min_size=1, max_size=4),
    spare=st.integers(0, 500),
    presses=st.lists(st.tuples(st.integers(0, 23), st.integers(0, 2)), max_size=40),
)
def test_whatever_is_published_and_pressed(
    place: Installation, tickets: int, prizes: list[tuple[int, int]], spare: int, presses: list[tuple[int, int]]
) -> None:
    offered = [PrizeDraft(f"奖 {number}", PrizeKind.CASH, count, value) for number, (count, value) in enumerate(prizes)]
    with workspaces.fresh(place) as ws:
        batch_id = batch_of(ws, tickets)
        if sum(one.count for one in offered) > tickets:
            with pytest.raises(errors.DrawTooManyPrizes):
                draw_of(ws, batch_id, offered)
            return
        draw_of(ws, batch_id, offered, budget_minor=spare + sum(one.count * one.value_minor for one in offered))
        codes = codes_of(ws, batch_id, tickets)
        owners: dict[int, int] = {}
        for which, who in presses:
            ticket = which % tickets
            owners.setdefault(ticket, who)
            try:
                api.claim(ws, code=codes[ticket], scanner=scanner(who), address=ADDRESS)
            except errors.ItemCodeTaken:
                assert owners[ticket] != who
        assert accounts(ws)["drawn"] == len(owners)


@pytest.mark.slow
def test_kill_9_at_every_fail_point(tmp_path: Path, engine_url: str | None) -> None:
    def process(slug: str, **environment: str) -> forked.Ended:
        return forked.run("tests.support.items", str(tmp_path / slug), "6", slug, engine_url or "", **environment)

    log = tmp_path / "points"
    clean = process("clean", WELLSPRING_FAILPOINT_LOG=str(log))
    assert clean.returncode == 0, clean.stderr[-2000:]
    expected = json.loads(clean.stdout.splitlines()[-1])
    assert expected == {"drawn": 6, "won": 3, "spent_minor": 300}
    points = Counter(point for point in log.read_text().split() if point.startswith("acquisition.claim"))
    assert len(points) == 5
    for number, (point, passages) in enumerate(points.items()):
        killed = process(f"killed{number}", WELLSPRING_FAILPOINT=f"{point}:{passages // 2}")
        assert killed.returncode == -signal.SIGKILL, (point, killed.stderr[-2000:])
        again = process(f"killed{number}")
        assert again.returncode == 0, again.stderr[-2000:]
        assert json.loads(again.stdout.splitlines()[-1]) == expected, point
