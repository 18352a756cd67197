"""What several addresses of channels share."""

from typing import Annotated

import fastapi

from wellspring.kernel import web

Asked = web.Asked
Moment = web.Moment
Limit = Annotated[int | None, fastapi.Query(ge=1, le=200)]
Cursor = Annotated[str | None, fastapi.Query(max_length=400)]
Id = Annotated[str, fastapi.Path(max_length=64)]
IdWanted = Annotated[str | None, fastapi.Query(max_length=64)]
