"""How a command of ours asks a server: with the token in `SAB_TOKEN`, or for a server near by that of its folder."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from sab_visualiser.app.access.keys import read_keys

TOKEN = "SAB_TOKEN"  # noqa: S105 (the name of a variable, not a secret)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    name = host.strip("[]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def reach(request: Request, folder: Path, timeout_s: float) -> Any:
    """The answer to a request, as `urlopen` gives it.

    A proxy of the surroundings (`http_proxy`) is asked for other machines only, and no other server that the first one
    may lead to learns the token.

    Args:
        request: To an address of a server.
        folder: Data folder of this machine.
        timeout_s: After which it has failed.

    Raises:
        URLError: Nobody answers.
        HTTPError: It was refused.
    """
    for name, value in bearer(request.full_url, folder).items():
        request.add_unredirected_header(name, value)
    near = is_loopback(urlsplit(request.full_url).hostname or "")
    return build_opener(*([ProxyHandler({})] if near else [])).open(request, timeout=timeout_s)


def bearer(server: str, folder: Path) -> dict[str, str]:
    """The header of a request to `server`; empty where no token is known.

    The token of a folder is shown to the server that wrote its address there, by whatever name of this machine it is
    called: an address that somebody mistypes must not learn it.

    Args:
        server: Its address.
        folder: Data folder of this machine.
    """
    token = os.environ.get(TOKEN)
    keys = None if token else read_keys(folder)
    if keys is not None and _same(server, keys.address):
        token = keys.controller
    return {"Authorization": f"Bearer {token}"} if token else {}


def _same(server: str, address: str) -> bool:
    """Whether both are one server; `localhost` and the loopback addresses are one host."""
    try:
        one, other = urlsplit(server), urlsplit(address)
        hosts = [each.hostname or "" for each in (one, other)]
        return one.port == other.port and (hosts[0] == hosts[1] or all(map(is_loopback, hosts)))
    except ValueError:
        return False
