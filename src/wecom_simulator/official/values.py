"""The typed fields of templates: `thing1` holds twenty characters, `amount2` a sum, `time3` an hour.

The list of types is not printed in one place; what is here was gathered from their pages.
"""

import re
from typing import Any

from wecom_simulator.errors import Refused
from wecom_simulator.official.accounts import Template
from wecom_simulator.official.host import no

_TIME = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})( ?\d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}:\d{2}(:\d{2})?"
TYPES: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r".{1,20}", re.DOTALL),
    "number": re.compile(r"-?\d{1,32}(\.\d{1,32})?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[ -~]{1,32}"),
    "time": re.compile(f"({_TIME})([~～]({_TIME}))?"),
    "date": re.compile(f"({_TIME})([~～]({_TIME}))?"),
    "amount": re.compile(r"[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": re.compile(r"[0-9+\-]{1,17}"),
    "car_number": re.compile(r".{1,8}"),
    "name": re.compile(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·]{1,20}|[\u4e00-\u9fffA-Za-z .·]{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
}


def check(template: Template, given: dict[str, Any]) -> None:
    """Refuse a message whose fields are missing, empty or not of their types."""
    for key in template.keys:
        record = given.get(key)
        value = record.get("value") if isinstance(record, dict) else None
        if value is None or value == "":
            raise _wrong(key, "emtpy")
        if not fits(key, str(value)):
            raise _wrong(key, "invalid")


def fits(key: str, value: str) -> bool:
    """Whether a value is of the key's type; a type that is not known takes anything."""
    pattern = TYPES.get(key.rstrip("0123456789"))
    return pattern is None or bool(pattern.fullmatch(value))


def _wrong(key: str, what: str) -> Refused:
    # "emtpy" is how the live server spells it.
    return no(47003, f"argument invalid! data.{key}.value {'is emtpy' if what == 'emtpy' else 'invalid'}")
