"""kill -9 at every named fail point of an import and of its undoing: nothing lost, nothing twice."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.support import forked
from tests.support import imports as made

OURS = ("imports.", "activity.imports.", "people.resolve")
CASES = {
    "orders": ("", "orders.csv", made.HEADER, made.lines(40)),
    "members": (
        "",
        "members.csv",
        ["手机号", "姓名", "城市"],
        [[f"138001390{index:02d}", f"王{index}", "上海"] for index in range(30)] + [["", "无名", ""]],
    ),
    "events": (
        "",
        "events.csv",
        ["用户ID", "事件", "时间", "价格"],
        [[f"u{index % 7}", "Product Viewed", f"2026-01-02 10:00:{index:02d}", "9.5"] for index in range(30)],
    ),
    "tags": ("", "tags.csv", ["手机号", "标签组", "标签"], [[f"138001391{index:02d}", "肤质", "干皮"] for index in range(20)]),
}


def process(home: Path, verb: str, kind: str, mapping: str, file: Path, **environment: str) -> forked.Ended:
    return forked.run("tests.support.imports_crash", str(home), verb, kind, mapping, str(file), **environment)


def finished(home: Path, verb: str, kind: str, mapping: str, file: Path) -> str:
    """Everything there is after the verb has come to its end."""
    answer = process(home, verb, kind, mapping, file)
    assert answer.returncode == 0, answer.stderr[-2000:]
    return answer.stdout.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_an_import_survives_kill_9_at_every_fail_point(kind: str, tmp_path: Path) -> None:
    mapping, name, header, body = CASES[kind]
    file = made.file(tmp_path, made.text(body, header), name)
    log = tmp_path / "points"
    clean = process(tmp_path / "clean", "import", kind, mapping, file, WELLSPRING_FAILPOINT_LOG=str(log))
    assert clean.returncode == 0, clean.stderr[-2000:]
    expected = clean.stdout.splitlines()[-1]
    assert '"accepted": 0' not in expected
    points = Counter(point for point in log.read_text().split() if point.startswith(OURS))
    assert len(points) >= 3
    for point, passages in points.items():
        home = tmp_path / point
        # At its last passage: by then there is most to lose.
        killed = process(home, "import", kind, mapping, file, WELLSPRING_FAILPOINT=f"{point}:{passages}")
        assert killed.returncode == -signal.SIGKILL, (point, killed.stderr[-2000:])
        assert finished(home, "import", kind, mapping, file) == expected, point


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["orders", "tags"])
def test_undoing_survives_kill_9_at_every_fail_point(kind: str, tmp_path: Path) -> None:
    mapping, name, header, body = CASES[kind]
    file = made.file(tmp_path, made.text(body, header), name)
    clean, log = tmp_path / "clean", tmp_path / "points"
    process(clean, "import", kind, mapping, file)
    assert process(clean, "undo", kind, mapping, file, WELLSPRING_FAILPOINT_LOG=str(log)).returncode == 0
    expected = finished(clean, "undo", kind, mapping, file)
    points = sorted({point for point in log.read_text().split() if "undo" in point or point.startswith("activity.imports")})
    assert points
    for point in points:
        home = tmp_path / point
        process(home, "import", kind, mapping, file)
        assert process(home, "undo", kind, mapping, file, WELLSPRING_FAILPOINT=f"{point}:1").returncode == -signal.SIGKILL, point
        assert finished(home, "undo", kind, mapping, file) == expected, point
