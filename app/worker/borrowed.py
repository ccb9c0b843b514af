"""Other knobs for the time of one question; afterwards the network has its own again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sab_visualiser.app.wire.errors import field_error
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.worker.translate import to_model
from sab_visualiser.model.contract import PROBE_KNOBS
from sab_visualiser.model.network import Network


@contextmanager
def knobs_of(request: ProbeRequest, network: Network) -> Iterator[None]:
    """The knobs that `request` names are in force inside; the weights stay as they are.

    Raises:
        UserError: A knob does not suit the network (422).
    """
    before = {name: getattr(network.knobs(), name) for name in PROBE_KNOBS}
    wanted = to_model({name: value for name in PROBE_KNOBS if (value := getattr(request, name)) is not None})
    changes = {name: value for name, value in wanted.items() if value != before[name]}
    try:
        network.set_knobs(**changes)
    except ValueError as error:
        name = next(iter(changes))
        raise field_error(name, wanted[name], f"fixed for method {network.config.method}", str(error)) from None
    try:
        yield
    finally:
        network.set_knobs(**{name: before[name] for name in changes})
