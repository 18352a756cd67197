"""Input that was refused: kept sealed with its reason, so that it can be looked at and taken in again once mended.

The same content from the same source is one reject, however often it is sent, so a retried batch does not fill the list.
"""

import hashlib
from typing import Any

import orjson

from wellspring.activity.contracts import EventType
from wellspring.activity.rules.messages import Intake
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import Refusal

CONTEXT = "activity.rejected"
LOG_REFUSED = Refusal("log_refused", "分析库无法保存该消息的内容", "the log cannot hold the content of this message")
_TYPES = frozenset(kind.value for kind in EventType)


def reject_row(ws: Workspace, raw: Any, refusal: Refusal, intake: Intake, type_: str | None) -> dict[str, Any]:  # noqa: ANN401 - senders send anything
    """The row to keep: the message and all that is needed to judge it again as if it came at the same moment."""
    content = {
        "message": raw,
        "type": type_,
        "sent": intake.sent,
        "received": intake.received,
        "import_id": intake.import_id,
        "historical": intake.is_historical,
        "context": intake.context,
    }
    identity = orjson.dumps([intake.source, type_, raw], option=orjson.OPT_SORT_KEYS)
    said = type_ or (raw.get("type") if type(raw) is dict else None)
    return {
        "id": "rej_" + hashlib.blake2b(identity, digest_size=13, key=b"wellspring").hexdigest(),
        "source": intake.source[:120],
        "type": said if said in _TYPES else "",
        "code": refusal.code,
        "zh": refusal.zh,
        "en": refusal.en,
        "content": ws.keys.seal_bytes(orjson.dumps(content), context=CONTEXT),
        "received_at": from_millis(intake.received),
    }
