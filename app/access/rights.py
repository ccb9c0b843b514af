"""One table: what one must be to use each address of the server.

A viewer looks at runs and probes networks; a controller also starts, steers, writes and deletes.
An address that is not in it is refused like the strictest: a route that somebody adds is shut until it is decided
here, and tests/security/test_route_walk.py fails until it is.
"""

from __future__ import annotations

from typing import Literal

from sab_visualiser.app.wire.requests import Role as Role

Right = Literal["open", "look", "steer", "worker"]
"""`open`: anybody; `look`: viewers and controllers; `steer`: controllers; `worker`: whoever has a worker's token."""

RIGHTS: dict[str, Right] = {
    "GET /api/health": "open",
    "GET /login": "open",
    "GET /static/{path}": "open",
    "GET /": "look",
    "GET /runs": "look",
    "GET /runs/group/{group_id}": "look",
    "GET /help": "look",
    "GET /reproduction": "look",
    "GET /reproduction/files/{name}": "look",
    "GET /openapi.json": "look",
    "GET /metrics": "look",
    "GET /api/engine": "look",
    "GET /api/tasks": "look",
    "GET /api/presets": "look",
    "GET /api/presets/{name}/snapshots": "look",
    "GET /api/presets/{name}/snapshots/{update}": "look",
    "GET /api/presets/{name}/metrics": "look",
    "GET /api/data": "look",
    "GET /api/runs": "look",
    "GET /api/runs/{run_id}": "look",
    "GET /api/runs/{run_id}/metrics": "look",
    "GET /api/runs/{run_id}/snapshots": "look",
    "GET /api/runs/{run_id}/snapshots/{update}": "look",
    "GET /api/runs/{run_id}/export": "look",
    "GET /api/runs/{run_id}/bundle": "look",
    "GET /api/groups/{group_id}": "look",
    "GET /api/export": "look",
    "GET /api/selfcheck": "look",
    # A question about weights, which stay as they are: it is a POST only because it is long.
    "POST /api/probe": "look",
    "POST /api/hits": "look",
    "POST /api/runs": "steer",
    "PATCH /api/runs/{run_id}": "steer",
    "DELETE /api/runs/{run_id}": "steer",
    "POST /api/runs/{run_id}/commands": "steer",
    "POST /api/runs/{run_id}/branch": "steer",
    "POST /api/groups": "steer",
    "POST /api/checkpoints": "steer",
    "POST /api/bundles": "steer",
    "POST /api/texts": "steer",
    "POST /api/links": "steer",
    "DELETE /api/links": "steer",
    # Commands that come over it are refused one by one (app/web/sockets.py).
    "WS /ws": "look",
    "WS /ws/worker": "worker",
}
OPEN_BELOW = "/static/"
_PLAIN = {address: right for address, right in RIGHTS.items() if "{" not in address}


def right_of(method: str, path: str) -> Right:
    """What one must be for a request; a HEAD is as a GET, and what nobody decided is for controllers.

    Args:
        method: Of HTTP, or `WS`.
        path: As it came, without the query.
    """
    method = "GET" if method == "HEAD" else method
    if (known := _PLAIN.get(f"{method} {path}")) is not None:
        return known
    if method != "GET":
        return "steer"
    return "open" if path.startswith(OPEN_BELOW) else "look"
