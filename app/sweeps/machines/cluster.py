"""A Dask cluster lends its machines: each task is one of our workers there, which dials the server by itself.

Dask only places them. What they train, how far they are and what they send goes over their own socket, so that a trial
gives the same numbers as one on this machine, and is watched and commanded like it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sab_visualiser.app.sweeps.machines.lending import lend, prepare
from sab_visualiser.app.sweeps.machines.own_server import LOOKING_SHARE
from sab_visualiser.app.version import VERSION

CONNECT_S = 10
MISSING = "--engine dask needs Dask: pip install 'sab-visualiser[dask]'"
LOOPBACK, PORT = "127.0.0.1", 8786
SCHEMES = ("tcp", "tls", "ws", "wss")
SPEAKS_FIRST, MOST_GREETING = "tcp", 1 << 20


class NoClusterError(RuntimeError):
    """There is no such cluster, or it cannot be used; says why and what to do."""


def versions() -> tuple[str, str]:
    """Of this program and of Python, where it runs."""
    return VERSION, ".".join(map(str, sys.version_info[:2]))


@dataclass
class Cluster:
    """Machines that train for a server.

    Attributes:
        client: Of the cluster.
        workers: Trials that train at a time.
        host: Address of this machine that the cluster reaches.
        token: Secret of its workers.
    """

    client: Any
    workers: int
    host: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _lent: list[Any] = field(default_factory=list)

    def keep(self, url: str, trials: int) -> None:
        """Have as many workers as there are trials to train, and one more that is warm where there is room for it.

        Args:
            url: Of the server.
            trials: That are not at their end.
        """
        self._lent = [future for future in self._lent if not future.done()]
        threads = sum(self.client.nthreads().values())
        wanted = min(trials, self.workers + 1, threads)
        for _ in range(wanted - len(self._lent)):
            self._lent.append(self.client.submit(lend, url, self.token, LOOKING_SHARE, pure=False))

    def release(self) -> None:
        """Nothing more is to be trained."""
        self.client.cancel(self._lent)


@contextlib.contextmanager
def cluster(scheduler: str | None, workers: int | None) -> Iterator[Cluster]:
    """A cluster that is there, or one of this machine's own; it is let go at the end, ours with all its processes.

    Args:
        scheduler: Address of a Dask scheduler; None makes a cluster here.
        workers: Trials that train at a time; None takes as many as the cluster has workers.

    Raises:
        NoClusterError: There is none at that address, it has another version, or Dask is not installed.
    """
    try:
        import distributed
    except ImportError:
        raise NoClusterError(MISSING) from None
    dask: Any = distributed
    if scheduler is not None:
        _knock(scheduler)
    with contextlib.ExitStack() as stack:
        place: Any = scheduler
        if scheduler is None:
            # A thread that waits for the worker that trains, and one for the worker that gets warm.
            count = workers or len(os.sched_getaffinity(0))
            here = dask.LocalCluster(
                n_workers=count, threads_per_worker=2, processes=True, memory_limit=0, dashboard_address="127.0.0.1:0"
            )
            place = stack.enter_context(here)
        try:
            client = stack.enter_context(dask.Client(place, timeout=CONNECT_S, name="sab-sweep", set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise NoClusterError(f"--scheduler {scheduler}: {why}; is it running, and is that its address?") from None
        found = Cluster(client, workers or max(1, len(client.nthreads())), _own_address(scheduler))
        _check(client)
        if scheduler is None:  # every machine of our own will train, and loads while the server begins
            client.run(prepare, LOOKING_SHARE)
        try:
            yield found
        finally:
            found.release()


def _knock(scheduler: str) -> None:
    """Whether a scheduler answers there: Dask itself takes half a minute to say that nobody does, and would wait for
    ever for one that is something else."""
    parts = _parts(scheduler)
    try:
        if parts.scheme not in SCHEMES:
            raise ValueError(f"{parts.scheme} is none of {', '.join(SCHEMES)}")
        with socket.create_connection((parts.hostname or LOOPBACK, parts.port or PORT), CONNECT_S) as line:
            if parts.scheme == SPEAKS_FIRST and not _is_a_scheduler(line):
                raise ValueError("what answers there is no Dask scheduler")
    except (OSError, ValueError) as error:
        raise NoClusterError(f"--scheduler {scheduler}: {error}; is it running, and is that its address?") from None


def _is_a_scheduler(line: socket.socket) -> bool:
    """A scheduler says at once who it is: the number of bytes that come, as eight bytes, then those."""
    head = b""
    try:
        while len(head) < 8 and (part := line.recv(8 - len(head))):
            head += part
    except TimeoutError:
        return False
    return len(head) == 8 and int.from_bytes(head, "little") < MOST_GREETING


def _parts(scheduler: str) -> SplitResult:
    return urlsplit(scheduler if "://" in scheduler else f"tcp://{scheduler}")


def _check(client: Any) -> None:
    """Every machine of the cluster must have this program, in this version."""
    here = versions()
    try:
        there = client.run(versions)
    except Exception as error:  # whatever a machine of the cluster says
        raise NoClusterError(
            f"--scheduler: its workers cannot import this program: {error}; install it there"
        ) from None
    if not there:
        raise NoClusterError("--scheduler: it has no workers; start some with `dask worker ADDRESS`")
    for address, found in there.items():
        if tuple(found) != here:
            raise NoClusterError(
                f"--scheduler: {address} has version {found[0]} on Python {found[1]}, here is {here[0]} on {here[1]}; "
                "install the same there"
            )


def _own_address(scheduler: str | None) -> str:
    """The address of this machine as the scheduler's network sees it."""
    if scheduler is None:
        return LOOPBACK
    parts = _parts(scheduler)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((parts.hostname or LOOPBACK, parts.port or PORT))  # sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK
