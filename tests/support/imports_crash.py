"""One import in a process of its own, so that it can be killed: `python -m tests.support.imports_crash HOME VERB KIND MAPPING FILE…`."""

import json
import sys
from pathlib import Path

from tests.support import imports as made
from tests.support import workspaces
from wellspring.imports import api
from wellspring.imports.contracts import State
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people
from wellspring.tags import api as tags


def main(home: str, verb: str, kind: str, mapping: str, *paths: str) -> None:
    place = workspaces.installation(Path(home))
    ws = place.create("crash")
    begun = [found for found in api.listing(ws).rows if found.state in {State.RUNNING, State.DONE}]
    if verb == "import" and begun:
        # As the job does, whether it was killed before or after its import was done.
        api.resume_local(ws, by=SYSTEM, import_id=begun[0].id)
    elif verb == "import":
        made.run(ws, [Path(path) for path in paths], kind, mapping=mapping or None)
    else:
        for found in api.listing(ws).rows:
            if found.state in {State.DONE, State.UNDOING}:
                api.undo_local(ws, by=SYSTEM, import_id=found.id)
    done = [found for found in api.listing(ws).rows if found.state is State.DONE]
    last = people.last_member_no(ws)
    carried = [[tag.name for tag in tags.of_member(ws, member_no=number)] for number in range(1, last + 1)]
    events = made.rows(ws.log, "SELECT kind, member_no, at FROM activity_event ORDER BY kind, at, member_no")
    everything = {**made.everything(ws), "events": events}
    rejected = [sorted(row.items()) for found in done if found.rejects_file_id for row in made.rejects(ws, found.id)]
    staging = made.rows(ws.log, "SHOW TABLES LIKE 'imports_0%'")
    report = [{name: found.report[name] for name in ("rows", "accepted", "rejected")} for found in done if found.report]
    print(json.dumps([everything, people.counts(ws, by=SYSTEM), carried, rejected, staging, report], default=str))
    place.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
