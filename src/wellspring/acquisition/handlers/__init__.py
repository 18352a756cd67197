"""What acquisition reads of the outbox."""

from wellspring.acquisition.handlers import codes, item_codes
from wellspring.kernel.bus import Subscriber

SUBSCRIBERS: list[Subscriber] = [*codes.SUBSCRIBERS, *item_codes.SUBSCRIBERS]
