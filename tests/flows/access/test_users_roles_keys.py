"""Users, roles and keys: nobody gives or governs more than they hold, an owner always remains, rotation overlaps."""

import contextlib
import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from tests.support.access import as_given, caller, invited, owner, principal, session_token
from wellspring.access import api as access
from wellspring.access import errors
from wellspring.access.contracts import KeyKind, NewKey, Permission
from wellspring.access.models import key_table
from wellspring.kernel import audit
from wellspring.kernel.auth import SYSTEM, Principal, known_permissions
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import Invalid, NotFound, Unauthenticated
from wellspring.kernel.workspace import Workspace

MEMBER_READ = "people:member:read"
PII = "people:pii:read"


def trace(ws: Workspace) -> tuple[str, str]:
    """The newest audit entry's action and the newest event's name."""
    with ws.sql.read() as tx:
        told = tx.execute(sa.select(outbox_table.c.name).order_by(outbox_table.c.id.desc()).limit(1)).scalar_one()
    return audit.listing(ws.sql, limit=1).rows[0].action, told


def advance(ws: Workspace, **distance: float) -> None:
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.move_to(ws.clock.now() + dt.timedelta(**distance))


class TestInvite:
    def test_makes_a_user_and_tells_it(self, workspace: Workspace) -> None:
        user = invited(workspace, "Li@Example.com", "operator")
        assert (user.email, user.role_ids, user.has_password) == ("li@example.com", ("operator",), False)
        assert trace(workspace) == ("access.user_invited", "access.user_invited")

    def test_an_email_is_taken_once(self, workspace: Workspace) -> None:
        invited(workspace, "li@example.com", "operator")
        with pytest.raises(errors.EmailTaken):
            invited(workspace, "LI@example.com", "analyst")

    def test_nobody_grants_a_role_beyond_their_own(self, workspace: Workspace) -> None:
        access.seed(workspace)
        by = principal(Permission.USER_WRITE, MEMBER_READ)
        with pytest.raises(errors.GrantBeyondOwn):
            access.invite_user(workspace, by=by, email="a@example.com", name="A", role_ids=["owner"])

    def test_a_restricted_inviter_stays_within_its_units(self, workspace: Workspace) -> None:
        access.seed(workspace)
        by = principal(*known_permissions(), units=frozenset({"s1", "s2"}))
        assert access.invite_user(workspace, by=by, email="a@example.com", name="A", role_ids=["guide"], unit_ids=["s1"])
        for units in ([], ["s9"], ["s1", "s9"]):
            with pytest.raises(errors.GrantBeyondOwn):
                access.invite_user(workspace, by=by, email="b@example.com", name="B", role_ids=["operator"], unit_ids=units)

    def test_guides_and_store_managers_are_tied_to_units(self, workspace: Workspace) -> None:
        for role in ("guide", "store_manager"):
            with pytest.raises(errors.UnitsMissing):
                invited(workspace, f"{role}@example.com", role)

    @pytest.mark.parametrize("roles", [[], ["no-such-role"]])
    def test_roles_are_known_ones(self, workspace: Workspace, roles: list[str]) -> None:
        with pytest.raises(Invalid):
            invited(workspace, "a@example.com", *roles)


class TestGovern:
    def test_a_link_for_somebody_stronger_would_be_a_way_up(self, workspace: Workspace) -> None:
        boss = owner(workspace)
        by = principal(Permission.USER_WRITE, Permission.USER_READ, MEMBER_READ)
        with pytest.raises(errors.GrantBeyondOwn):
            access.make_link(workspace, boss.id, by=by)
        for change in ({"is_disabled": True}, {"name": "X"}, {"role_ids": ["guide"], "unit_ids": ["s1"]}):
            with pytest.raises(errors.GrantBeyondOwn):
                access.change_user(workspace, boss.id, by=by, **change)

    def test_users_outside_the_scope_are_like_absent_ones(self, workspace: Workspace) -> None:
        invited(workspace, "near@example.com", "guide", units=("s1",))
        far = invited(workspace, "far@example.com", "guide", units=("s9",))
        by = principal(*known_permissions(), units=frozenset({"s1"}))
        assert [user.email for user in access.list_users(workspace, by=by)] == ["near@example.com"]
        for user_id in (far.id, "usr_absent"):
            with pytest.raises(errors.UserUnknown):
                access.get_user(workspace, user_id, by=by)
            with pytest.raises(errors.UserUnknown):
                access.make_link(workspace, user_id, by=by)
            with pytest.raises(errors.UserUnknown):
                access.change_user(workspace, user_id, by=by, name="X")


class TestLastOwner:
    def test_cannot_be_disabled_or_lose_the_role(self, workspace: Workspace) -> None:
        boss = owner(workspace)
        with pytest.raises(errors.LastOwner):
            access.change_user(workspace, boss.id, by=SYSTEM, is_disabled=True)
        with pytest.raises(errors.LastOwner):
            access.change_user(workspace, boss.id, by=SYSTEM, role_ids=["operator"])
        assert access.get_user(workspace, boss.id, by=SYSTEM).role_ids == ("owner",)

    def test_can_once_there_is_another_active_one(self, workspace: Workspace) -> None:
        boss = owner(workspace)
        second = invited(workspace, "second@example.com", "owner")
        access.change_user(workspace, boss.id, by=SYSTEM, is_disabled=True)
        with pytest.raises(errors.LastOwner):
            access.change_user(workspace, second.id, by=SYSTEM, role_ids=["auditor"])

    def test_two_owners_cannot_disable_each_other_at_once(self, workspace: Workspace) -> None:
        pair = [owner(workspace), invited(workspace, "second@example.com", "owner")]

        def disable(user_id: str) -> None:
            with contextlib.suppress(errors.LastOwner):
                access.change_user(workspace, user_id, by=SYSTEM, is_disabled=True)

        threads = [threading.Thread(target=disable, args=(user.id,)) for user in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(not user.is_disabled for user in access.list_users(workspace, by=SYSTEM)) == 1

    def test_ensure_owner_makes_one_once(self, workspace: Workspace) -> None:
        assert owner(workspace) == owner(workspace)


class TestRoles:
    def test_an_own_role_reaches_its_holders_at_once(self, workspace: Workspace) -> None:
        owner(workspace)
        role = access.make_role(workspace, by=SYSTEM, zh="客服", en="Service", permissions=[MEMBER_READ])
        token = session_token(workspace, invited(workspace, "li@example.com", role.id))
        assert caller(workspace, token).principal.permissions == {MEMBER_READ}
        access.change_role(workspace, role.id, by=SYSTEM, zh="客服", en="Service", permissions=[MEMBER_READ, "people:member:write"])
        assert caller(workspace, token).principal.may("people:member:write")
        assert trace(workspace) == ("access.role_changed", "access.role_changed")

    def test_nobody_makes_a_role_beyond_their_own(self, workspace: Workspace) -> None:
        by = principal(Permission.ROLE_WRITE, MEMBER_READ)
        with pytest.raises(errors.GrantBeyondOwn):
            access.make_role(workspace, by=by, zh="过", en="Too much", permissions=[PII])

    def test_nor_changes_or_drops_one_that_holds_more(self, workspace: Workspace) -> None:
        role = access.make_role(workspace, by=SYSTEM, zh="客服", en="Service", permissions=[PII])
        by = principal(Permission.ROLE_WRITE, MEMBER_READ)
        with pytest.raises(errors.GrantBeyondOwn):
            access.change_role(workspace, role.id, by=by, zh="x", en="x", permissions=[MEMBER_READ])
        with pytest.raises(errors.GrantBeyondOwn):
            access.drop_role(workspace, role.id, by=by)

    def test_a_restricted_actor_shapes_no_roles(self, workspace: Workspace) -> None:
        by = principal(*known_permissions(), units=frozenset({"s1"}))
        with pytest.raises(errors.GrantBeyondOwn):
            access.make_role(workspace, by=by, zh="客服", en="Service", permissions=[MEMBER_READ])

    def test_built_in_roles_stay_as_they_are(self, workspace: Workspace) -> None:
        access.seed(workspace)
        with pytest.raises(errors.RoleFixed):
            access.change_role(workspace, "auditor", by=SYSTEM, zh="x", en="x", permissions=[])
        with pytest.raises(errors.RoleFixed):
            access.drop_role(workspace, "owner", by=SYSTEM)

    def test_a_role_in_use_is_not_dropped(self, workspace: Workspace) -> None:
        owner(workspace)
        role = access.make_role(workspace, by=SYSTEM, zh="客服", en="Service", permissions=[MEMBER_READ])
        user = invited(workspace, "li@example.com", role.id)
        with pytest.raises(errors.RoleHeld):
            access.drop_role(workspace, role.id, by=SYSTEM)
        access.change_user(workspace, user.id, by=SYSTEM, role_ids=["auditor"])
        access.drop_role(workspace, role.id, by=SYSTEM)
        assert role.id not in {known.id for known in access.list_roles(workspace)}

    def test_unknown_permissions_are_refused(self, workspace: Workspace) -> None:
        with pytest.raises(Invalid):
            access.make_role(workspace, by=SYSTEM, zh="客服", en="Service", permissions=["people:*:*"])

    def test_seven_roles_in_both_languages(self, workspace: Workspace) -> None:
        access.seed(workspace)
        access.seed(workspace)
        roles = access.list_roles(workspace)
        assert [role.id for role in roles] == ["owner", "operator", "analyst", "store_manager", "guide", "auditor", "developer"]
        assert roles[0].permissions == known_permissions().keys()


def make(ws: Workspace, *, by: Principal = SYSTEM, kind: KeyKind = KeyKind.API, **rest: object) -> NewKey:
    return access.make_key(ws, by=by, name="shop", kind=kind, **{"permissions": [MEMBER_READ], **rest})  # type: ignore[arg-type]


def use(ws: Workspace, secret: str, kind: KeyKind = KeyKind.API) -> Principal:
    return access.authenticate_key(ws, secret, kind=kind, expand=as_given).principal


class TestKeys:
    def test_opens_what_it_permits(self, workspace: Workspace) -> None:
        made = make(workspace, unit_ids=["s1"])
        found = use(workspace, made.secret)
        assert (found.permissions, found.scope.unit_ids) == ({MEMBER_READ}, {"s1"})
        assert trace(workspace) == ("access.key_changed", "access.key_changed")

    def test_the_secret_is_kept_as_a_hash(self, workspace: Workspace) -> None:
        secret = make(workspace).secret
        with workspace.sql.read() as tx:
            assert secret not in str(tx.execute(sa.select(key_table)).all())

    def test_a_write_key_opens_nothing_else(self, workspace: Workspace) -> None:
        made = make(workspace, kind=KeyKind.WRITE)
        assert made.secret.startswith("wwk_plain_")
        assert use(workspace, made.secret, KeyKind.WRITE).permissions == frozenset()
        with pytest.raises(Unauthenticated):
            use(workspace, made.secret)
        with pytest.raises(Unauthenticated):
            use(workspace, make(workspace).secret, KeyKind.WRITE)

    def test_nobody_makes_a_key_beyond_their_own(self, workspace: Workspace) -> None:
        by = principal(Permission.KEY_WRITE, MEMBER_READ)
        assert make(workspace, by=by)
        with pytest.raises(errors.GrantBeyondOwn):
            make(workspace, by=by, permissions=[PII])
        restricted = principal(Permission.KEY_WRITE, MEMBER_READ, units=frozenset({"s1"}))
        with pytest.raises(errors.GrantBeyondOwn):
            make(workspace, by=restricted)
        assert make(workspace, by=restricted, unit_ids=["s1"])

    def test_nor_takes_over_one_that_holds_more(self, workspace: Workspace) -> None:
        made = make(workspace, permissions=[PII])
        by = principal(Permission.KEY_WRITE, MEMBER_READ)
        with pytest.raises(errors.GrantBeyondOwn):
            access.rotate_key(workspace, made.key.id, by=by, overlap=dt.timedelta(hours=1))
        with pytest.raises(errors.GrantBeyondOwn):
            access.disable_key(workspace, made.key.id, by=by)

    def test_keys_outside_the_scope_are_like_absent_ones(self, workspace: Workspace) -> None:
        made = make(workspace)
        by = principal(*known_permissions(), units=frozenset({"s1"}))
        assert access.list_keys(workspace, by=by) == []
        for key_id in (made.key.id, "key_absent"):
            with pytest.raises(NotFound):
                access.rotate_key(workspace, key_id, by=by, overlap=dt.timedelta(0))

    def test_rotation_overlaps(self, workspace: Workspace) -> None:
        old = make(workspace)
        new = access.rotate_key(workspace, old.key.id, by=SYSTEM, overlap=dt.timedelta(hours=24))
        assert use(workspace, old.secret).id == use(workspace, new.secret).id
        advance(workspace, hours=23, minutes=59)
        assert use(workspace, old.secret)
        advance(workspace, minutes=1)
        with pytest.raises(Unauthenticated):
            use(workspace, old.secret)
        assert use(workspace, new.secret)

    def test_a_second_rotation_ends_the_first_secret(self, workspace: Workspace) -> None:
        first = make(workspace)
        second = access.rotate_key(workspace, first.key.id, by=SYSTEM, overlap=dt.timedelta(hours=24))
        third = access.rotate_key(workspace, first.key.id, by=SYSTEM, overlap=dt.timedelta(hours=24))
        with pytest.raises(Unauthenticated):
            use(workspace, first.secret)
        assert use(workspace, second.secret)
        assert use(workspace, third.secret)

    def test_without_an_overlap_the_old_secret_ends_at_once(self, workspace: Workspace) -> None:
        old = make(workspace)
        use(workspace, old.secret)
        access.rotate_key(workspace, old.key.id, by=SYSTEM, overlap=dt.timedelta(0))
        with pytest.raises(Unauthenticated):
            use(workspace, old.secret)

    def test_disabling_ends_both_secrets_for_good(self, workspace: Workspace) -> None:
        old = make(workspace)
        new = access.rotate_key(workspace, old.key.id, by=SYSTEM, overlap=dt.timedelta(hours=24))
        access.disable_key(workspace, old.key.id, by=SYSTEM)
        for secret in (old.secret, new.secret):
            with pytest.raises(Unauthenticated):
                use(workspace, secret)
        with pytest.raises(errors.KeyEnded):
            access.rotate_key(workspace, old.key.id, by=SYSTEM, overlap=dt.timedelta(0))

    def test_expires(self, workspace: Workspace) -> None:
        made = make(workspace, expires_at=workspace.clock.now() + dt.timedelta(days=30))
        advance(workspace, days=29)
        assert use(workspace, made.secret)
        advance(workspace, days=1)
        with pytest.raises(Unauthenticated):
            use(workspace, made.secret)

    @pytest.mark.parametrize("kind", list(KeyKind))
    def test_last_use_is_shown(self, workspace: Workspace, kind: KeyKind) -> None:
        made = make(workspace, kind=kind)
        assert access.list_keys(workspace, by=SYSTEM)[0].last_used_at is None
        use(workspace, made.secret, kind)
        assert access.list_keys(workspace, by=SYSTEM)[0].last_used_at == workspace.clock.now()

    def test_a_write_key_never_waits_for_the_writer(self, workspace: Workspace) -> None:
        made = make(workspace, kind=KeyKind.WRITE)
        statements: list[str] = []
        sa.event.listen(workspace.sql.engine, "before_cursor_execute", lambda *passed: statements.append(passed[2]))
        for _ in range(3):
            use(workspace, made.secret, KeyKind.WRITE)
            advance(workspace, minutes=5)
        assert not any(text.startswith(("UPDATE", "INSERT", "DELETE", "BEGIN IMMEDIATE")) for text in statements)
