"""What engagement reads of the outbox; each part has its own list."""

from wellspring.kernel.bus import Subscriber

SUBSCRIBERS: list[Subscriber] = []
