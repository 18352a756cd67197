"""Activity listens to people: who holds a merged number's past, and who came apart again."""

from wellspring.activity.service.following import SUBSCRIBER

SUBSCRIBERS = [SUBSCRIBER]
