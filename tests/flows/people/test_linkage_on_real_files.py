"""Precision and recall where the truth is known: FEBRL and fake_1000, as docs/decisions/0011-likely-duplicates.md quotes them."""

from pathlib import Path

import pytest

from bench import linkage
from wellspring.people.service import comparing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not comparing.is_there(), reason="the optional library is not installed: pip install 'wellspring[linkage]'"),
]


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("FEBRL 1", 0.99, 0.98), ("FEBRL 2", 0.99, 0.96), ("FEBRL 4a with 4b", 0.99, 0.98), ("fake_1000", 0.99, 0.66)],
)
def test_the_figures_hold(name: str, precision: float, recall: float, real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkage, "FOLDER", real_data / "entity_resolution")
    found = linkage.scores(linkage.FILES[name]())
    print(name, found)
    assert found[0] >= precision
    assert found[1] >= recall
