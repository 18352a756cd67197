"""What roles grant, who may grant what, which passwords are refused, how long pauses grow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.access import principal
from wellspring.access import rules
from wellspring.access.service import keys
from wellspring.kernel.auth import SYSTEM

KNOWN = frozenset(
    {"people:member:read", "people:member:write", "people:pii:read", "access:user:read", "access:user:write", "activity:order:read"}
)


class TestExpand:
    def test_a_star_grants_everything_known(self) -> None:
        assert rules.expand(["*"], KNOWN) == KNOWN

    def test_a_pattern_grants_one_verb_everywhere(self) -> None:
        assert rules.expand(["*:*:read"], KNOWN) == {permission for permission in KNOWN if permission.endswith(":read")}

    def test_a_minus_takes_away_whatever_the_order(self) -> None:
        for grants in (["*", "-access:*"], ["-access:*", "*"]):
            assert rules.expand(grants, KNOWN) == {permission for permission in KNOWN if not permission.startswith("access:")}

    def test_what_is_named_in_full_stays(self) -> None:
        assert "access:user:read" in rules.expand(["*", "-access:*", "access:user:read"], KNOWN)

    def test_what_nobody_knows_is_not_granted(self) -> None:
        assert rules.expand(["people:ghost:read"], KNOWN) == frozenset()

    @pytest.mark.parametrize("role", sorted(rules.BUILTIN_ROLES))
    def test_only_the_owner_may_change_users_and_roles(self, role: str) -> None:
        granted = rules.expand(rules.BUILTIN_ROLES[role][2], KNOWN)
        assert ("access:user:write" in granted) == (role == "owner")

    @pytest.mark.parametrize("role", ["analyst", "auditor", "developer"])
    def test_plain_values_are_not_for_those_who_need_none(self, role: str) -> None:
        plain = {"people:pii:read", "imports:rejects:read", "activity:rejected:inspect", "people:member:export"}
        assert not rules.expand(rules.BUILTIN_ROLES[role][2], KNOWN | plain) & plain

    @pytest.mark.parametrize("role", ["auditor", "analyst"])
    def test_who_only_looks_only_reads(self, role: str) -> None:
        assert {permission.rpartition(":")[2] for permission in rules.expand(rules.BUILTIN_ROLES[role][2], KNOWN)} == {"read"}


class TestMayGrant:
    def test_only_what_one_holds(self) -> None:
        by = principal("people:member:read")
        assert rules.may_grant(by, ["people:member:read"], ())
        assert not rules.may_grant(by, ["people:member:read", "people:pii:read"], ())

    def test_a_restricted_actor_grants_units_of_its_own_only(self) -> None:
        by = principal("people:member:read", units=frozenset({"north", "store1"}))
        assert rules.may_grant(by, [], ("store1",))
        assert not rules.may_grant(by, [], ("store1", "store9"))

    def test_a_restricted_actor_never_grants_the_whole_brand(self) -> None:
        assert not rules.may_grant(principal(units=frozenset({"north"})), [], ())

    def test_the_system_may_grant_everything(self) -> None:
        assert rules.may_grant(SYSTEM, KNOWN, ())

    @given(held=st.frozensets(st.sampled_from(sorted(KNOWN))), wanted=st.frozensets(st.sampled_from(sorted(KNOWN))))
    def test_exactly_the_subsets(self, held: frozenset[str], wanted: frozenset[str]) -> None:
        assert rules.may_grant(principal(*held), wanted, ()) == (wanted <= held)


class TestEmail:
    @pytest.mark.parametrize(("text", "clean"), [(" Owner@Example.COM ", "owner@example.com"), ("张伟@例子.公司", "张伟@例子.公司")])
    def test_one_form(self, text: str, clean: str) -> None:
        assert rules.clean_email(text) == clean

    @pytest.mark.parametrize(
        "text", ["", "owner", "owner@", "@example.com", "a b@example.com", "a@b", "a@b.c", "<a@b.com>", "a@b@c.com", "a@b.com\n"]
    )
    def test_what_is_none(self, text: str) -> None:
        clean = rules.clean_email(text)
        assert clean is None or clean == text.strip()


class TestWeakness:
    @pytest.mark.parametrize(
        "password", ["short", "123456789", "1234567890", "Password123", "aaaaaaaaaaaa", "WELLSPRING123", "anna.li@example.com", "x" * 201]
    )
    def test_refused(self, password: str) -> None:
        assert rules.weakness(password, email="anna.li@example.com", name="Anna Li") is not None

    @pytest.mark.parametrize("password", ["correct horse battery", "井水不犯河水一二三四五", "kU7#pq-20ZZ"])
    def test_taken(self, password: str) -> None:
        assert rules.weakness(password, email="anna.li@example.com", name="Anna Li") is None

    def test_the_name_is_no_password(self) -> None:
        assert rules.weakness("Annabella Li", email="a@example.com", name="annabella li") is not None


class TestPause:
    def test_nothing_while_a_person_mistypes(self) -> None:
        assert [rules.pause_seconds(failures, free=5) for failures in range(5)] == [0] * 5

    def test_grows_to_a_quarter_of_an_hour(self) -> None:
        assert [rules.pause_seconds(failures, free=5) for failures in range(5, 15)] == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]

    @given(st.integers(0, 10**9))
    def test_never_shrinks_and_never_exceeds(self, failures: int) -> None:
        assert rules.pause_seconds(failures, free=5) <= rules.pause_seconds(failures + 1, free=5) <= 900


class TestKeyText:
    def test_names_kind_and_workspace(self) -> None:
        assert keys.parse("wsk_brand_" + "a" * 48) == ("api", "brand")
        assert keys.parse("wwk_brand_" + "0" * 48) == ("write", "brand")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "wsk_brand",
            "wsk_brand_",
            "wsk_Brand_" + "a" * 48,
            "wsk_../etc_" + "a" * 48,
            "xxx_brand_" + "a" * 48,
            "wsk_brand_" + "g" * 48,
        ],
    )
    def test_nothing_else_is_one(self, text: str) -> None:
        assert keys.parse(text) is None
