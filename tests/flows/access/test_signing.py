"""Signing in: passwords, pauses, links, second factor, expiry. Each verb leaves its trace in audit log and outbox."""

import contextlib
import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.access import (
    OWNER_EMAIL,
    PASSWORD,
    actions,
    advance,
    as_given,
    caller,
    invited,
    owner,
    session_token,
    sign_in,
    token_of_link,
    told,
    with_password,
)
from wellspring.access import api as access
from wellspring.access import errors
from wellspring.access.models import link_table, session_table, user_table
from wellspring.access.service import callers, secrets
from wellspring.access.settings import AccessSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import TooMany, Unauthenticated
from wellspring.kernel.workspace import Workspace


class TestPassword:
    def test_starts_a_session_and_tells_it(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        found = caller(workspace, sign_in(workspace))
        assert "access:user:write" in found.principal.permissions
        assert actions(workspace)[0] == told(workspace)[-1] == "access.session_started"

    def test_the_email_is_compared_in_one_form(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        assert sign_in(workspace, email=" OWNER@Example.com ")

    @pytest.mark.parametrize(
        ("email", "password"), [(OWNER_EMAIL, "wrong wrong wrong"), ("nobody@example.com", PASSWORD), ("not an e-mail", PASSWORD)]
    )
    def test_one_refusal_for_all(self, workspace: Workspace, email: str, password: str) -> None:
        with_password(workspace, owner(workspace))
        with pytest.raises(errors.SignInRefused):
            sign_in(workspace, password, email=email)

    def test_a_user_without_a_password_cannot_be_guessed(self, workspace: Workspace) -> None:
        owner(workspace)
        for guess in ("", "None", "null"):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, guess)

    def test_a_disabled_user_is_refused_and_thrown_out(self, workspace: Workspace) -> None:
        owner(workspace)
        user = invited(workspace, "li@example.com", "operator")
        token = with_password(workspace, user)
        assert caller(workspace, token)
        access.change_user(workspace, user.id, by=SYSTEM, is_disabled=True)
        with pytest.raises(Unauthenticated):
            caller(workspace, token)
        with pytest.raises(errors.SignInRefused):
            sign_in(workspace, email="li@example.com")

    def test_an_unknown_user_costs_the_same_slow_hash_as_a_known_one(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        with_password(workspace, owner(workspace))
        checked: list[str] = []
        monkeypatch.setattr(secrets, "_hasher", _Counted(secrets._hasher, checked))
        for email in (OWNER_EMAIL, "nobody@example.com"):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, "wrong wrong wrong", email=email, address="10.1.0.1")
        assert [text.split("$")[1:4] for text in checked] == [checked[0].split("$")[1:4]] * 2


class _Counted:
    """Notes what the slow hash is asked to compare with."""

    def __init__(self, hasher: Any, checked: list[str]) -> None:
        self._hasher, self._checked = hasher, checked

    def verify(self, password_hash: str, password: str) -> bool:
        self._checked.append(password_hash)
        return bool(self._hasher.verify(password_hash, password))


class TestPause:
    def test_five_failures_are_free_then_pauses_grow_for_known_and_unknown_alike(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        waits = {email: self.waits(workspace, email) for email in (OWNER_EMAIL, "nobody@example.com")}
        assert waits[OWNER_EMAIL] == waits["nobody@example.com"] == [5, 10, 20, 40]

    def waits(self, ws: Workspace, email: str) -> list[int]:
        found: list[int] = []
        while len(found) < 4:
            try:
                sign_in(ws, "wrong wrong wrong", email=email, address=f"10.2.{len(email)}.1")
            except errors.SignInRefused:
                continue
            except TooMany as pause:
                seconds = int(pause.params["seconds"] or 0)
                found.append(seconds)
                advance(ws, seconds=seconds)
        return found

    def test_the_right_password_waits_too(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        for _ in range(5):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, "wrong wrong wrong")
        with pytest.raises(TooMany):
            sign_in(workspace)
        advance(workspace, seconds=6)
        assert sign_in(workspace)

    def test_success_forgets_the_failures(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        for _ in range(3):
            for _ in range(4):
                with pytest.raises(errors.SignInRefused):
                    sign_in(workspace, "wrong wrong wrong")
            assert sign_in(workspace)

    def test_one_address_that_tries_many_accounts_is_slowed_down(self, workspace: Workspace) -> None:
        for number in range(30):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, "wrong wrong wrong", email=f"user{number}@example.com", address="10.9.9.9")
        with pytest.raises(TooMany):
            sign_in(workspace, email="fresh@example.com", address="10.9.9.9")
        with pytest.raises(errors.SignInRefused):
            sign_in(workspace, email="fresh@example.com", address="10.9.9.10")

    def test_a_good_account_does_not_wash_away_guesses_at_others(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        for number in range(29):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, "wrong wrong wrong", email=f"user{number}@example.com", address="10.9.9.9")
        sign_in(workspace, address="10.9.9.9")
        with pytest.raises(errors.SignInRefused):
            sign_in(workspace, email="user99@example.com", address="10.9.9.9")
        with pytest.raises(TooMany):
            sign_in(workspace, email="user98@example.com", address="10.9.9.9")

    def test_parallel_guesses_do_not_slip_through(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        looked_at: list[int] = []

        def guess(number: int) -> None:
            try:
                sign_in(workspace, f"guess number {number}", address=f"10.3.0.{number}")
            except errors.SignInRefused:
                looked_at.append(number)
            except TooMany:
                pass

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(looked_at) == 5

    def test_a_day_later_failures_are_forgotten(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        for _ in range(4):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, "wrong wrong wrong")
        advance(workspace, hours=25)
        for _ in range(4):
            with pytest.raises(errors.SignInRefused):
                sign_in(workspace, "wrong wrong wrong")
        assert sign_in(workspace)


class TestLink:
    def test_works_once(self, workspace: Workspace) -> None:
        token = token_of_link(workspace, owner(workspace).id)
        assert access.sign_in_by_link(workspace, token=token).user.email == OWNER_EMAIL
        with pytest.raises(errors.LinkSpent):
            access.sign_in_by_link(workspace, token=token)

    def test_two_at_once_cannot_both_win(self, workspace: Workspace) -> None:
        token = token_of_link(workspace, owner(workspace).id)
        won: list[str] = []

        def spend() -> None:
            with contextlib.suppress(errors.LinkSpent):
                won.append(access.sign_in_by_link(workspace, token=token).cookie)

        threads = [threading.Thread(target=spend) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1

    def test_expires(self, workspace: Workspace) -> None:
        token = token_of_link(workspace, owner(workspace).id)
        advance(workspace, hours=AccessSettings().link_hours)
        with pytest.raises(errors.LinkSpent):
            access.sign_in_by_link(workspace, token=token)

    def test_a_newer_link_ends_the_older(self, workspace: Workspace) -> None:
        user = owner(workspace)
        old, new = token_of_link(workspace, user.id), token_of_link(workspace, user.id)
        with pytest.raises(errors.LinkSpent):
            access.sign_in_by_link(workspace, token=old)
        assert access.sign_in_by_link(workspace, token=new)

    def test_a_lasting_link_outlives_the_years_of_a_lab(self, workspace: Workspace) -> None:
        made = access.make_link(workspace, owner(workspace).id, by=SYSTEM, lasting=True)
        advance(workspace, days=3650)
        assert access.sign_in_by_link(workspace, token=made.path.rpartition("token=")[2], lasting=True)

    def test_guessing_links_is_slowed_down(self, workspace: Workspace) -> None:
        for _ in range(30):
            with pytest.raises(errors.LinkSpent):
                access.sign_in_by_link(workspace, token="0" * 48, address="10.4.4.4")
        with pytest.raises(TooMany):
            access.sign_in_by_link(workspace, token="0" * 48, address="10.4.4.4")


class TestExpiry:
    def test_idle(self, workspace: Workspace) -> None:
        token = session_token(workspace, owner(workspace))
        for _ in range(3):
            advance(workspace, minutes=AccessSettings().session_idle_minutes - 2)
            assert caller(workspace, token)
        advance(workspace, minutes=AccessSettings().session_idle_minutes)
        with pytest.raises(Unauthenticated):
            caller(workspace, token)

    def test_absolute_however_busy(self, workspace: Workspace) -> None:
        token = session_token(workspace, owner(workspace))
        for _ in range(AccessSettings().session_hours // 6 - 1):
            advance(workspace, hours=6)
            assert caller(workspace, token)
        advance(workspace, hours=6)
        with pytest.raises(Unauthenticated):
            caller(workspace, token)

    def test_what_ended_is_removed_by_the_hourly_job(self, workspace: Workspace) -> None:
        session_token(workspace, owner(workspace))
        advance(workspace, days=40)
        assert access.clear(workspace) >= 2
        with workspace.sql.read() as tx:
            assert tx.execute(sa.select(sa.func.count()).select_from(session_table)).scalar() == 0


class TestSession:
    def test_signing_out_ends_it(self, workspace: Workspace) -> None:
        token = session_token(workspace, owner(workspace))
        assert caller(workspace, token)
        access.sign_out(workspace, token)
        with pytest.raises(Unauthenticated):
            caller(workspace, token)
        assert actions(workspace)[0] == told(workspace)[-1] == "access.session_ended"

    def test_a_new_password_ends_every_other_session(self, workspace: Workspace) -> None:
        user = owner(workspace)
        other, mine = session_token(workspace, user), session_token(workspace, user)
        access.set_password(workspace, by=caller(workspace, mine).principal, token=mine, new=PASSWORD)
        assert caller(workspace, mine)
        with pytest.raises(Unauthenticated):
            caller(workspace, other)

    def test_every_session_has_a_token_and_a_csrf_token_of_its_own(self, workspace: Workspace) -> None:
        user = owner(workspace)
        first, second = session_token(workspace, user), session_token(workspace, user)
        assert first != second
        assert caller(workspace, first).csrf_token != caller(workspace, second).csrf_token

    def test_the_store_holds_no_token_and_no_password(self, workspace: Workspace) -> None:
        user = owner(workspace)
        token = with_password(workspace, user)
        link = token_of_link(workspace, user.id)
        with workspace.sql.read() as tx:
            rows = [str(tx.execute(sa.select(table)).all()) for table in (session_table, link_table, user_table)]
        assert not any(secret in text for text in rows for secret in (token, link, PASSWORD))
        assert "$argon2id$" in rows[2]

    def test_a_token_that_nobody_made_is_nothing(self, workspace: Workspace) -> None:
        with pytest.raises(Unauthenticated):
            access.authenticate_session(workspace, "f" * 48, expand=as_given)


class TestMemory:
    def test_a_known_caller_costs_no_statement(self, workspace: Workspace) -> None:
        token = session_token(workspace, owner(workspace))
        caller(workspace, token)
        with workspace.sql.engine.connect() as _:
            asked: list[str] = []
            sa.event.listen(workspace.sql.engine, "before_cursor_execute", lambda *passed: asked.append(passed[2]))
            caller(workspace, token)
        assert asked == []

    def test_and_well_under_a_millisecond(self, workspace: Workspace) -> None:
        token = session_token(workspace, owner(workspace))
        caller(workspace, token)
        begun = time.perf_counter()
        for _ in range(200):
            caller(workspace, token)
        assert (time.perf_counter() - begun) / 200 < 0.001

    def test_roles_that_change_are_seen_at_the_next_call(self, workspace: Workspace) -> None:
        owner(workspace)
        user = invited(workspace, "li@example.com", "operator")
        token = session_token(workspace, user)
        assert caller(workspace, token).principal.may("people:member:write")
        access.change_user(workspace, user.id, by=SYSTEM, role_ids=["auditor"])
        assert not caller(workspace, token).principal.may("people:member:write")

    def test_another_process_notices_soon(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        token = session_token(workspace, owner(workspace))
        caller(workspace, token)
        with workspace.sql.write() as tx:
            tx.execute(sa.delete(session_table))
        assert caller(workspace, token)
        monkeypatch.setattr(callers.time, "monotonic", lambda: time.perf_counter() + 1e9)
        with pytest.raises(Unauthenticated):
            caller(workspace, token)
