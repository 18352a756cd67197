"""kill -9 at every fail point that a callback passes: none that was answered is lost, none counts twice, no welcome twice."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import forked
from tests.support.door import KEY, TOKEN
from tests.support.simulator import Simulator, simulating
from wecom_simulator.callbacks import sealed
from wecom_simulator.corp import Staff
from wecom_simulator.events import Event, wecom_xml
from wecom_simulator.external import friends
from wecom_simulator.outbox import Receiver
from wecom_simulator.world import Person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_engine("kill -9 in the middle: the embedded store is the one that one process owns"),
]

POINTS = (
    "channels.callback.before_commit",
    "channels.callback.kept",
    "channels.callback.taken",
    "channels.fold.before_commit",
    "channels.fold.committed",
    "channels.telling.ingested",
    "channels.token.fetched",
    "channels.token.held",
    "channels.welcome.claimed",
    "channels.welcome.sent",
)


class Crashing:
    """Two contacts come, one leaves; the simulator lives on while the process dies."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self.sim = sim
        self.folder = folder
        told: list[Event] = []
        emit = sim.world.emit
        sim.world.emit = lambda event, *rest, **more: (told.append(event), emit(event, *rest, **more))[1]  # type: ignore[method-assign]
        sim.corp.staff["anna"] = Staff("anna", "Anna", wechat_login_at=int(sim.world.clock.now()))
        for name in ("oLi", "oWang"):
            sim.world.people[name] = Person(name, name[1:])
            sim.act("add_by", userid="anna", person=name, half=False, state="card-7")
        sim.act("delete_staff", person="oWang", userid="anna")
        ids = [friends.contact_of(sim.corp, sim.world.people[name]).external_userid for name in ("oLi", "oWang")]
        receiver = Receiver("", TOKEN, KEY, sim.corp.corpid, sim.app.agent_id)
        packed = [sealed(receiver, wecom_xml(event, sim.corp.corpid), str(event.at), f"n{number}") for number, event in enumerate(told)]
        self.plan = {
            "url": sim.url,
            "corp_id": sim.corp.corpid,
            "agent_id": str(sim.app.agent_id),
            "secret": sim.app.secret,
            "token": TOKEN,
            "key": KEY,
            "ids": ids,
            "callbacks": [(query, body.decode("latin-1")) for query, body in packed],
        }

    def run(self, home: str, **environment: str) -> tuple[int, dict[str, Any]]:
        """The exit code, and the last line of JSON."""
        plan = self.folder / "plan.json"
        plan.write_text(json.dumps(self.plan), encoding="utf-8")
        done = forked.run("tests.support.channels_crash", str(self.folder / home), str(plan), **environment)
        last = [text for text in done.stdout.splitlines() if text.startswith("{")]
        return done.returncode, json.loads(last[-1]) if last else {}

    def welcomed(self) -> list[str]:
        """Whom a welcome reached, each time."""
        return [one.external_userid for one in self.sim.corp.part(friends.External).received if one.kind == "welcome"]


@pytest.fixture
def crashing(tmp_path: Path) -> Iterator[Crashing]:
    with simulating() as sim:
        yield Crashing(sim, tmp_path)


def test_a_clean_run_passes_every_point(crashing: Crashing) -> None:
    log = crashing.folder / "points.txt"
    code, known = crashing.run("clean", WELLSPRING_FAILPOINT_LOG=str(log))
    assert code == 0
    assert set(POINTS) <= set(log.read_text(encoding="utf-8").split())
    assert [row[2] for row in known["relations"]].count("following") == 1
    assert [row[2] for row in known["relations"]].count("lost") == 1
    assert (known["callbacks"], len(known["told"]), len(known["logged"])) == (["done"] * 3, 3, 3)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(crashing: Crashing, point: str) -> None:
    code, _ = crashing.run("killed", WELLSPRING_FAILPOINT=f"{point}:1")
    assert code == -signal.SIGKILL
    code, known = crashing.run("killed")
    assert code == 0
    assert sorted(row[2] for row in known["relations"]) == ["following", "lost"]
    assert known["callbacks"] == ["done"] * 3
    for kind in ("told", "logged"):
        assert len(known[kind]) == len({tuple(row) for row in known[kind]}) == 3
    # Once at most: where it is not known whether it was sent, it is said so, and not sent again.
    assert len(crashing.welcomed()) == len(set(crashing.welcomed()))
    assert set(known["welcomes"]) <= {"accepted", "unknown", "failed"}
