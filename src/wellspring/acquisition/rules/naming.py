"""Names by which a code is known outside: its state at the platform, the key of an arrival, the city of a store."""

import datetime as dt
import hashlib
import re

from wellspring.acquisition.contracts.codes import STATE_PREFIX
from wellspring.kernel.clock import to_millis

_CITY = re.compile(r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?\s*([\u4e00-\u9fff]{2,7}?市)")


def state_of(way_id: str) -> str:
    """The state of a way: ours by its prefix, and well under the platform's 30 characters (page 92228)."""
    return STATE_PREFIX + way_id.rpartition("_")[2][-20:]


def is_ours(state: str) -> bool:
    """Whether a state can be one of a code's."""
    return state.startswith(STATE_PREFIX)


def key_of(account_id: str, external_userid: str, userid: str, at: dt.datetime) -> str:
    """The same for the same arrival (or loss) however often it is told."""
    text = "\x1f".join((account_id, external_userid, userid, str(to_millis(at))))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def city_of(address: str | None, region: str) -> str:
    """The city of an address such as "上海市静安区…", otherwise the name of the region."""
    found = _CITY.match(address or "")
    return found[1] if found else region
