"""What engagement reads of the outbox; each part has its own list."""

from wellspring.engagement.handlers import touches
from wellspring.kernel.bus import Subscriber

SUBSCRIBERS: list[Subscriber] = [*touches.SUBSCRIBERS]
