"""Activity's routes: Segment's HTTP API, orders and refunds, the event catalogue, rejected input, a member's timeline."""

from fastapi import APIRouter

from wellspring.activity.http.events import router as _events
from wellspring.activity.http.members import router as _members
from wellspring.activity.http.orders import router as _orders
from wellspring.activity.http.rejected import router as _rejected
from wellspring.activity.http.segment import DirectBatches
from wellspring.activity.http.segment import router as _segment

router = APIRouter()
for _part in (_segment, _orders, _events, _rejected, _members):
    router.include_router(_part)

# What stands before the routes.
MIDDLEWARE = (DirectBatches,)
