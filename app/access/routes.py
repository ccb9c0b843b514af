"""Over HTTP: a link that lets a browser in, new links, and new tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from sab_visualiser.app.access.codes import SECONDS
from sab_visualiser.app.access.door import locked
from sab_visualiser.app.web.messages.bodies import FromBytes, JsonRoute
from sab_visualiser.app.web.messages.refusals import refusal_page
from sab_visualiser.app.web.parts import Here, parts_of
from sab_visualiser.app.web.problems import UNSAFE, problems
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.requests import LinkWish
from sab_visualiser.app.wire.views import LinkView

ALWAYS_NEW = {"Cache-Control": "no-store"}
ONWARD = """<!doctype html>
<html lang="en"><title>SAB Visualiser</title><meta http-equiv="refresh" content="0; url=./"><a href="./">To the page</a>
"""
"""Leads to the page as a step of our own: a redirect that another site began would come there without the cookie."""
Wish = Annotated[
    LinkWish,
    FromBytes(),
    Body(
        openapi_examples={
            "once, for a browser of your own": {"value": {}},
            "for a class": {"value": {"role": "viewer", "minutes": 90}},
        }
    ),
]
router = APIRouter(route_class=JsonRoute)


@router.api_route("/login", methods=["GET", "HEAD"], include_in_schema=False)
async def login(request: Request) -> Response:
    """Let a browser in that comes with the code of a link, and lead it to the page, whose address has none."""
    door, code = parts_of(request).door, request.query_params.get("code")
    try:
        if code is None:
            raise locked("a link to come in has a code, and this one has none")
        if request.method == "HEAD":  # whoever only looks at a link does not use it up
            return Response(headers=ALWAYS_NEW)
        role = door.take(code, request.scope)
    except UserError as error:
        return refusal_page(error.problem, request.scope["path"], getattr(error, "headers", None))
    ours = request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    answer = RedirectResponse("./", 303, ALWAYS_NEW) if ours else HTMLResponse(ONWARD, headers=ALWAYS_NEW)
    if not door.is_open:
        answer.headers["Set-Cookie"] = door.set_cookie(request.scope, role)
    return answer


@router.post("/api/links", status_code=201, tags=["server"], responses=problems(*UNSAFE, 415, 422))
async def make_link(here: Here, wish: Wish) -> LinkView:
    """Make a link that lets a browser in: one for a controller is good once, one for viewers for a whole class."""
    minutes = wish.minutes or round(SECONDS[wish.role] / 60)
    url = here.door.link(wish.role, 60.0 * minutes)
    return LinkView(url=url, role=wish.role, minutes=minutes)


@router.delete("/api/links", status_code=204, tags=["server"], responses=problems(*UNSAFE, 409))
async def renew(here: Here) -> None:
    """Draw new tokens: whoever came in by the old ones is out, and their sockets close with 4401."""
    here.door.renew()
