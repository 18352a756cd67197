"""News of touches in any order, any number of times: one end, and no way back."""

from hypothesis import given
from hypothesis import strategies as st

from wellspring.channels.contracts.sends import ReceiptState
from wellspring.engagement.contracts.touches import Fate
from wellspring.engagement.rules.fates import RANK, furthest, is_news, of_receipt

some = st.sampled_from(Fate)


@given(st.lists(some, min_size=1), st.randoms())
def test_i27_the_end_is_the_same_in_any_order(told: list[Fate], order: object) -> None:
    def end(news: list[Fate]) -> Fate:
        now = Fate.CLAIMED
        for one in news:
            now = furthest(now, one)
        return now

    mixed = [*told, *told]
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert end(mixed) == end(told)


@given(some, some)
def test_i28_no_state_is_gone_back_from(now: Fate, told: Fate) -> None:
    after = furthest(now, told)
    assert RANK[after] >= RANK[now]
    assert (after is not now) == is_news(now, told)


def test_every_fate_has_a_rank_and_every_receipt_a_fate() -> None:
    assert set(RANK) == set(Fate)
    assert {of_receipt(state) for state in ReceiptState} <= set(Fate)


def test_a_bounce_after_sent_counts_and_after_delivered_does_not() -> None:
    assert furthest(Fate.SENT, Fate.FAILED) is Fate.FAILED
    assert furthest(Fate.DELIVERED, Fate.FAILED) is Fate.DELIVERED
