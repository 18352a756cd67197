"""What acquisition reads of the outbox."""

from wellspring.acquisition.handlers import codes
from wellspring.kernel.bus import Subscriber

SUBSCRIBERS: list[Subscriber] = [*codes.SUBSCRIBERS]
