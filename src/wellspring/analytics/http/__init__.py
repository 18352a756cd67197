"""The routes of analytics: the overview, RFM and lifecycle, traits, experiments' effects."""

from fastapi import APIRouter

from wellspring.analytics.http.effects import router as _effects
from wellspring.analytics.http.overview import router as _overview
from wellspring.analytics.http.rhythms import router as _rhythms

router = APIRouter()
for _part in (_overview, _rhythms, _effects):
    router.include_router(_part)
