"""The heartbeat of a running server: outbox deliveries, due jobs, ticks and pumps, for every workspace.

Each has threads of its own, so that a long import does not keep events waiting. Lab mode runs the same steps in one go,
in the order of their due times.
"""

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator

from wellspring.app import wiring
from wellspring.kernel import bus, jobs, pumps, ticks
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.workspace import Installation, Workspace

# How long an idle worker sleeps: short enough that a person does not notice, long enough to cost nothing.
_PAUSE_SECONDS = 0.25
# Two, so that a person's import does not wait behind a backup or the demo brand.
_JOB_THREADS = 2
_HEART = "ticks"
_log = logging.getLogger("wellspring.worker")

_Step = Callable[[Workspace], int]
# What a thread does between two steps, knowing how much the last one did.
_Rest = Callable[[int], None]


class _UntilRung:
    """How a pump's thread rests: whoever rings is heard at once, and the longer nothing comes, the longer."""

    def __init__(self, pump: pumps.Pump) -> None:
        self._pump = pump
        self._seconds = pumps.PAUSE_SECONDS

    def __call__(self, busy: int) -> None:
        if busy or self._pump.wait(self._seconds):
            self._seconds = pumps.PAUSE_SECONDS
        else:
            self._seconds = min(2 * self._seconds, pumps.PAUSE_SECONDS_MAX)


class Worker:
    """Background threads of one process."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._subscribers = wiring.subscribers()
        self._stopping = threading.Event()
        jobs_threads = [(f"jobs-{number}", self._work, self._rest) for number in range(_JOB_THREADS)]
        pump_threads = [(pump.name, pump.step, _UntilRung(pump)) for pump in pumps.registered()]
        steps: list[tuple[str, _Step, _Rest]] = [("deliveries", self._deliver, self._rest), (_HEART, self._beat, self._rest_a_beat)]
        steps += [*jobs_threads, *pump_threads]
        self._resting = [threading.RLock() for _ in steps]
        self._heart = next(resting for (name, _, _), resting in zip(steps, self._resting, strict=True) if name == _HEART)
        self._threads = [
            threading.Thread(target=self._repeat, args=(step, rest, resting), name=name, daemon=True)
            for (name, step, rest), resting in zip(steps, self._resting, strict=True)
        ]

    def start(self) -> None:
        """Starts the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Asks the threads to end after their present step and waits for them."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=30)

    @contextlib.contextmanager
    def heart_at_rest(self) -> Iterator[None]:
        """Inside, the heart beats only where `advance` lets it: a clock that is moved in pieces is not beaten through between them."""
        with self._heart:
            yield

    def settle(self, workspace: Workspace) -> None:
        """Delivers, works, pumps and ticks until nothing is due at the workspace's present instant."""
        self._work_off(workspace)
        while self._beat(workspace):
            self._work_off(workspace)

    def advance(self, clock: VirtualClock, target: dt.datetime, *, pause: dt.timedelta | None = None) -> None:
        """Moves the clock to `target` by way of every instant at which something is due, doing it there.

        The heart beats after every `pause` on the way (as often as the distance allows, if not given) and at the end. The
        background threads rest meanwhile, so nothing is half done when this returns.
        """
        with contextlib.ExitStack() as stack:
            for resting in self._resting:
                stack.enter_context(resting)
            self._advance(clock, target, pause or ticks.lab_pause(target - clock.now()))

    def _advance(self, clock: VirtualClock, target: dt.datetime, pause: dt.timedelta) -> None:
        workspaces = [self._installation.workspace(slug) for slug in self._installation.slugs()]
        next_beat = clock.now()
        while clock.now() < target:
            is_beat = clock.now() >= next_beat
            for workspace in workspaces:
                if is_beat:
                    self.settle(workspace)
                else:
                    self._work_off(workspace)
            if is_beat:
                next_beat = clock.now() + pause
            ahead = [due for workspace in workspaces if (due := jobs.next_due(workspace)) is not None and clock.now() < due < target]
            if any(ticks.is_wanted(workspace) for workspace in workspaces) and next_beat < target:
                ahead.append(next_beat)
            clock.move_to(min(ahead, default=target))
        # A clock may be set back as well.
        clock.move_to(target)
        for workspace in workspaces:
            self.settle(workspace)

    def _work_off(self, workspace: Workspace) -> None:
        while pumps.work_off(workspace) + self._deliver(workspace) + self._work(workspace):
            pass

    def _deliver(self, workspace: Workspace) -> int:
        return bus.deliver(workspace, self._subscribers, now=workspace.clock.now)

    def _work(self, workspace: Workspace) -> int:
        return jobs.run_due(workspace)

    def _beat(self, workspace: Workspace) -> int:
        return ticks.beat(workspace) if ticks.is_wanted(workspace) else 0

    def _repeat(self, step: _Step, rest: _Rest, resting: threading.RLock) -> None:
        while not self._stopping.is_set():
            with resting:
                busy = self._once(step)
            rest(busy)

    def _rest(self, busy: int) -> None:
        if not busy:
            self._stopping.wait(_PAUSE_SECONDS)

    def _rest_a_beat(self, _busy: int) -> None:
        # The heart keeps its own time: a change does not make it beat faster.
        self._stopping.wait(1.0 if isinstance(self._installation.clock, VirtualClock) else ticks.BEAT_SECONDS)

    def _once(self, step: _Step) -> int:
        busy = 0
        for slug in self._installation.slugs():
            try:
                busy += step(self._installation.workspace(slug))
            except WellspringError as failure:
                _log.warning("workspace %s: %s", slug, failure)
            except Exception as failure:  # noqa: BLE001 - one workspace's trouble must not stop the others
                # The class alone: a message may quote personal values.
                _log.error("workspace %s: %s", slug, type(failure).__name__)
        return busy
