"""What a user keeps of their own: a password and a second factor. Each verb leaves its trace in audit log and outbox."""

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import sqlalchemy as sa

from tests.support.access import (
    PASSWORD,
    advance,
    caller,
    code_now,
    owner,
    session_token,
    sign_in,
    with_password,
    with_totp,
)
from wellspring.access import api as access
from wellspring.access import errors
from wellspring.access.models import user_table
from wellspring.kernel.errors import TooMany
from wellspring.kernel.workspace import Workspace


class TestOwnPassword:
    def test_the_old_one_is_needed(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        token = sign_in(workspace)
        by = caller(workspace, token).principal
        for old in (None, "wrong wrong wrong"):
            with pytest.raises(errors.PasswordMistaken):
                access.set_password(workspace, by=by, token=token, old=old, new="another owl in the well")
        access.set_password(workspace, by=by, token=token, old=PASSWORD, new="another owl in the well")
        assert sign_in(workspace, "another owl in the well")

    def test_whoever_forgot_it_comes_by_link_and_has_half_an_hour(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        token = session_token(workspace, user)
        by = caller(workspace, token).principal
        access.set_password(workspace, by=by, token=token, new="another owl in the well")
        advance(workspace, minutes=31)
        with pytest.raises(errors.PasswordMistaken):
            access.set_password(workspace, by=by, token=token, new="a third owl in the well")

    def test_guessing_the_old_one_is_slowed_down(self, workspace: Workspace) -> None:
        with_password(workspace, owner(workspace))
        token = sign_in(workspace)
        by = caller(workspace, token).principal

        def guess() -> None:
            access.set_password(workspace, by=by, token=token, old="wrong wrong wrong", new="another owl in the well")

        for _ in range(5):
            with pytest.raises(errors.PasswordMistaken):
                guess()
        with pytest.raises(TooMany):
            guess()

    def test_weak_ones_are_refused_with_the_rule(self, workspace: Workspace) -> None:
        token = session_token(workspace, owner(workspace))
        with pytest.raises(errors.PasswordWeak, match="at least 10"):
            access.set_password(workspace, by=caller(workspace, token).principal, token=token, new="short")


class TestTotp:
    def test_is_asked_for_once_it_is_on(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        generator = with_totp(workspace, user)
        with pytest.raises(errors.TotpRequired):
            sign_in(workspace)
        assert sign_in(workspace, code=code_now(workspace, generator))

    def test_a_code_works_once(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        generator = with_totp(workspace, user)
        code = code_now(workspace, generator)
        assert sign_in(workspace, code=code)
        with pytest.raises(errors.TotpRefused):
            sign_in(workspace, code=code)

    def test_an_older_code_does_not_work_after_a_newer(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        generator = with_totp(workspace, user)
        before = code_now(workspace, generator)
        advance(workspace, seconds=30)
        assert sign_in(workspace, code=code_now(workspace, generator))
        with pytest.raises(errors.TotpRefused):
            sign_in(workspace, code=before)

    @pytest.mark.parametrize(("seconds", "works"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
    def test_clocks_of_phones_may_drift_by_a_step(self, workspace: Workspace, seconds: int, works: bool) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        generator = with_totp(workspace, user)
        advance(workspace, seconds=120)
        code = generator.at(workspace.clock.now() + dt.timedelta(seconds=seconds))
        self.expect(works, lambda: sign_in(workspace, code=code))

    def expect(self, works: bool, attempt: Callable[[], str]) -> None:
        if works:
            assert attempt()
            return
        with pytest.raises(errors.TotpRefused):
            attempt()

    def test_the_confirming_code_is_used_up(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        by = caller(workspace, session_token(workspace, user)).principal
        generator = pyotp.TOTP(access.begin_totp(workspace, by=by).secret)
        code = code_now(workspace, generator)
        access.confirm_totp(workspace, code, by=by)
        with pytest.raises(errors.TotpRefused):
            sign_in(workspace, code=code)

    def test_a_wrong_code_does_not_turn_it_on(self, workspace: Workspace) -> None:
        user = owner(workspace)
        by = caller(workspace, session_token(workspace, user)).principal
        with pytest.raises(errors.TotpMistaken):
            access.confirm_totp(workspace, "000000", by=by)
        access.begin_totp(workspace, by=by)
        with pytest.raises(errors.TotpMistaken):
            access.confirm_totp(workspace, "abcdef", by=by)
        assert not access.own_user(workspace, by=by).has_totp

    def test_guessing_codes_is_slowed_down_though_the_password_is_right(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        with_totp(workspace, user)
        for _ in range(5):
            with pytest.raises(errors.TotpRequired):
                sign_in(workspace)
            with pytest.raises(errors.TotpRefused):
                sign_in(workspace, code="000000")
        with pytest.raises(TooMany):
            sign_in(workspace, code="000000")

    def test_the_secret_is_sealed(self, workspace: Workspace) -> None:
        user = owner(workspace)
        generator = with_totp(workspace, user)
        with workspace.sql.read() as tx:
            row = tx.execute(sa.select(user_table)).one()
        assert generator.secret.encode() not in row.totp_sealed

    def test_turning_it_off(self, workspace: Workspace) -> None:
        user = owner(workspace)
        with_password(workspace, user)
        with_totp(workspace, user)
        access.end_totp(workspace, by=caller(workspace, session_token(workspace, user)).principal)
        assert sign_in(workspace)
