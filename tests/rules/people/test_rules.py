"""The pure decisions of people: normal forms, belonging, consent."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.people.contracts import ConsentState, IdentityKind, Refusal
from wellspring.people.rules import attributes, consent
from wellspring.people.rules.belonging import Plan, Profile, Wanted, plan, strength
from wellspring.people.rules.identities import KINDS, limits_with, mask, normal, normal_phone
from wellspring.people.settings import PeopleSettings

LIMITS = limits_with({})
USER, PHONE, DEVICE, ANON, EMAIL, CARD = (
    IdentityKind.USER_ID,
    IdentityKind.PHONE,
    IdentityKind.DEVICE,
    IdentityKind.ANONYMOUS_ID,
    IdentityKind.EMAIL,
    IdentityKind.CARD_NO,
)
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class TestNormalForms:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("13800138000", "+8613800138000"),
            ("+86 138-0013-8000", "+8613800138000"),
            ("0086 13800138000", "+8613800138000"),
            ("010 6552 9988", "+861065529988"),
            ("+1 650 253 0000", "+16502530000"),
            ("+852 5123 4567", "+85251234567"),
        ],
    )
    def test_phones_become_e164(self, given: str, expected: str) -> None:
        assert normal_phone(given, region="CN") == expected

    @pytest.mark.parametrize("given", ["123", "x13800138000", "+", "138001380001380013800", "99999"])
    def test_what_is_no_phone(self, given: str) -> None:
        assert isinstance(normal_phone(given, region="CN"), Refusal)

    def test_the_region_decides_about_bare_numbers(self) -> None:
        assert normal_phone("650 253 0000", region="US") == "+16502530000"

    @pytest.mark.parametrize("given", ["a@b", "@example.com", "a b@example.com", "a@@example.com", "x" * 65 + "@example.com"])
    def test_what_is_no_email(self, given: str) -> None:
        assert isinstance(normal(EMAIL, given, region="CN"), Refusal)

    def test_emails_are_compared_in_lower_case(self) -> None:
        assert normal(EMAIL, " Zhang.San+Shop@Example.COM ", region="CN") == "zhang.san+shop@example.com"

    @pytest.mark.parametrize("given", [None, True, 1.5, [], "x" * 256, "a\x00b", "\ud800", "tab\there"])
    def test_t08_what_is_no_identity(self, given: object) -> None:
        assert isinstance(normal(USER, given, region="CN"), Refusal)

    def test_user_ids_keep_their_case_and_numbers_are_text(self) -> None:
        assert normal(USER, " Ab1 ", region="CN") == "Ab1"
        assert normal(USER, 42, region="CN") == "42"
        assert isinstance(normal(USER, 0, region="CN"), Refusal)
        assert isinstance(normal(USER, "x", region="CN", namespace="n" * 65), Refusal)

    def test_masks(self) -> None:
        assert (mask(PHONE, "+8613800138000"), mask(EMAIL, "a@example.com")) == ("138****8000", "a***@example.com")

    @given(st.text(max_size=40))
    def test_a_normal_form_is_its_own_normal_form(self, text: str) -> None:
        for kind in IdentityKind:
            once = normal(kind, text, region="CN")
            if isinstance(once, str):
                assert normal(kind, once, region="CN") == once

    def test_limits_can_be_tuned_within_reason(self) -> None:
        assert limits_with(PeopleSettings(limits={"phone": 2}).limits)[PHONE] == 2
        with pytest.raises(ValueError, match="between 1 and 1000"):
            PeopleSettings(limits={"phone": 0})


def decide(wanted: list[Wanted], profiles: dict[int, Profile], apart: frozenset[frozenset[int]] = frozenset()) -> Plan:
    return plan(wanted, profiles, limits=LIMITS, apart=apart)


class TestBelonging:
    def test_nobody_known_makes_one_new_member(self) -> None:
        decided = decide([Wanted(ANON, b"a", 0), Wanted(USER, b"u", 0)], {})
        assert (decided.survivor_no, decided.attach) == (0, [1, 0])

    def test_the_profile_with_the_stronger_identifier_survives(self) -> None:
        profiles: dict[int, Profile] = {1: {ANON: {b"a"}}, 2: {PHONE: {b"p"}}, 3: {USER: {b"u"}, ANON: {b"b"}}}
        decided = decide([Wanted(ANON, b"a", 1), Wanted(PHONE, b"p", 2), Wanted(ANON, b"b", 3)], profiles)
        assert (decided.survivor_no, sorted(decided.losers)) == (3, [1, 2])

    def test_of_equals_the_oldest_survives(self) -> None:
        decided = decide([Wanted(PHONE, b"p", 9), Wanted(PHONE, b"q", 4)], {9: {PHONE: {b"p"}}, 4: {PHONE: {b"q"}}})
        assert (decided.survivor_no, decided.losers) == (4, [9])

    def test_n02_a_user_id_bars_another(self) -> None:
        decided = decide([Wanted(USER, b"v", 0), Wanted(DEVICE, b"d", 1)], {1: {USER: {b"u"}, DEVICE: {b"d"}}})
        assert (decided.survivor_no, decided.attach, decided.stays) == (0, [0], [(1, 1)])

    def test_the_weakest_bridge_stays_while_the_others_join(self) -> None:
        profiles: dict[int, Profile] = {1: {USER: {b"u"}}, 2: {PHONE: {b"p"}}, 3: {USER: {b"v"}, DEVICE: {b"d"}}}
        decided = decide([Wanted(USER, b"u", 1), Wanted(PHONE, b"p", 2), Wanted(DEVICE, b"d", 3)], profiles)
        assert (decided.survivor_no, decided.losers, decided.stays) == (1, [2], [(2, 3)])

    def test_limits_hold_for_new_identifiers_and_for_unions(self) -> None:
        five = {PHONE: {bytes([n]) for n in range(5)}}
        decided = decide([Wanted(PHONE, bytes([0]), 1), Wanted(PHONE, b"new", 0)], {1: five})
        assert (decided.survivor_no, decided.over_limit) == (1, [1])
        decided = decide([Wanted(PHONE, bytes([0]), 1), Wanted(PHONE, b"x", 2)], {1: five, 2: {PHONE: {b"x"}}})
        assert decided.stays == [(1, 2)]

    def test_those_kept_apart_stay_apart(self) -> None:
        profiles: dict[int, Profile] = {1: {PHONE: {b"p"}}, 2: {CARD: {b"c"}}}
        decided = decide([Wanted(PHONE, b"p", 1), Wanted(CARD, b"c", 2)], profiles, frozenset({frozenset({1, 2})}))
        assert (decided.survivor_no, decided.stays) == (1, [(1, 2)])

    def test_a_profile_that_a_person_made_too_large_is_still_itself(self) -> None:
        large: Profile = {USER: {b"u", b"v"}}
        decided = decide([Wanted(USER, b"u", 1), Wanted(ANON, b"a", 2)], {1: large, 2: {ANON: {b"a"}}})
        assert (decided.survivor_no, decided.losers) == (1, [2])

    def test_the_same_identifier_twice_is_once(self) -> None:
        assert decide([Wanted(ANON, b"a", 0), Wanted(ANON, b"a", 0)], {}).attach == [0]

    def test_strength(self) -> None:
        assert (strength({}), strength({ANON: {b"a"}, PHONE: {b"p"}})) == (99, 3)

    def test_priorities_are_all_different(self) -> None:
        assert sorted(rule.priority for rule in KINDS.values()) == list(range(1, 11))


SAID = st.builds(
    consent.Said,
    state=st.sampled_from(list(ConsentState)),
    at=st.integers(0, 6).map(lambda hours: NOON + dt.timedelta(hours=hours)),
    explicit=st.booleans(),
)


class TestConsent:
    @given(said=st.lists(SAID, max_size=8), seed=st.integers())
    def test_it_does_not_depend_on_the_order_of_arrival(self, said: list[consent.Said], seed: int) -> None:
        shuffled = list(said)
        random.Random(seed).shuffle(shuffled)
        states = [spoken[consent.settle(spoken)].state if spoken else None for spoken in (said, shuffled)]
        assert states[0] == states[1]

    @given(said=st.lists(SAID, max_size=8))
    def test_p03_after_an_unsubscription_only_a_later_explicit_opt_in_subscribes(self, said: list[consent.Said]) -> None:
        refusal = consent.Said(ConsentState.UNSUBSCRIBED, NOON + dt.timedelta(hours=3), explicit=False)
        spoken = [*said, refusal]
        settled = spoken[consent.settle(spoken)]
        later = any(word.explicit and word.state is ConsentState.SUBSCRIBED and word.at > refusal.at for word in said)
        assert settled.state is not ConsentState.SUBSCRIBED or later

    def test_never_asked_does_not_take_a_subscription_away(self) -> None:
        said = [consent.Said(ConsentState.SUBSCRIBED, NOON, False), consent.Said(ConsentState.NEVER_ASKED, NOON + dt.timedelta(1), False)]
        assert consent.settle(said) == 0

    def test_nothing_said(self) -> None:
        assert consent.settle([]) == -1
        assert consent.strictest([]) is ConsentState.UNKNOWN
        assert consent.strictest([ConsentState.UNKNOWN, ConsentState.NEVER_ASKED]) is ConsentState.NEVER_ASKED
        assert consent.strictest([ConsentState.SUBSCRIBED, ConsentState.PENDING]) is ConsentState.PENDING


class TestAttributes:
    @pytest.mark.parametrize("name", ["Phone Number", "mobile", "手机号", "E-Mail"])
    def test_personal_names_are_identifiers(self, name: str) -> None:
        assert attributes.identity_kind(name) in (PHONE, EMAIL)

    def test_sealed_names_have_one_spelling(self) -> None:
        assert {attributes.sealed_name(name) for name in ("Full Name", "real_name", "姓名")} == {"name"}

    @pytest.mark.parametrize(
        ("value", "is_personal"),
        [("打 138 0013 8000", True), (13800138000, True), ("a@b.cn", True), (1700000000000, False), ("T1380013800012", False)],
    )
    def test_values_that_look_personal(self, value: object, is_personal: bool) -> None:
        typed = attributes.typed(value)
        assert typed is not None
        assert attributes.looks_personal(typed) is is_personal

    def test_a_clearing_loses_against_a_value_of_the_same_instant(self) -> None:
        value, cleared = attributes.typed(""), attributes.typed(None)
        assert value is not None
        assert cleared is not None
        assert attributes.rank(1, value.digest) > attributes.rank(1, cleared.digest)

    @pytest.mark.parametrize("value", [dt.datetime(2026, 1, 1), {"a": 1}, ["x"] * 101, ["x", None], float("inf"), [b"x"]])  # noqa: DTZ001 - a naive instant is what is refused
    def test_what_has_no_type(self, value: object) -> None:
        assert attributes.typed(value) is None

    def test_one_is_one(self) -> None:
        assert attributes.typed(1) == attributes.typed(1.0)
        assert attributes.typed(1) != attributes.typed("1")
        assert attributes.typed(True) != attributes.typed(1)
