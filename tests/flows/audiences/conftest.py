"""Small workspaces ask little of each kind: here rows and values are held from the first question on."""

import pytest

from wellspring.audiences.facts import held, value_sets


@pytest.fixture(autouse=True)
def _held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "FIRST_QUESTIONS", 0)
    monkeypatch.setattr(value_sets, "FIRST_QUESTIONS", 0)
