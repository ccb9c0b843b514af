"""Who trains for a command: a server that was named or one of its own, with processes here or with a cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from sab_visualiser.app.commands.many.trials import Bar
from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.sweeps.drive import Drive, Outcome, Source
from sab_visualiser.app.sweeps.machines.client import AwayError, Client
from sab_visualiser.app.sweeps.machines.cluster import Cluster, NoClusterError, cluster
from sab_visualiser.app.sweeps.machines.own_server import NoServerError, Wanted, own_server
from sab_visualiser.app.sweeps.plan import Plan
from sab_visualiser.app.wire.errors import address_of, field_error
from sab_visualiser.app.workers.local import TOKEN_VARIABLE

EngineName = Literal["local", "dask"]
Engine = Annotated[EngineName, typer.Option(help="local: processes on this machine; dask: a cluster.")]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Of a Dask cluster, for --engine dask.", show_default="one on this machine"),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=4096,
        help="Trials that train at a time; on this machine at most 64.",
        show_default="cores here, workers of a cluster",
    ),
]
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Let a running server train the trials.", show_default="one of its own"),
]
Folder = Annotated[
    Path | None, typer.Option(help="Folder of runs; no server may have it.", show_default="as for sab serve")
]


MOST_HERE = 64


@dataclass(frozen=True)
class Place:
    """What was asked for: engine, scheduler, trials at a time, server and folder."""

    engine: EngineName = "local"
    scheduler: str | None = None
    workers: int | None = None
    server: str | None = None
    data_dir: Path | None = None

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            UserError: Naming the option and the remedy.
        """
        if self.server is not None and self.data_dir is not None:
            raise field_error("--data-dir", str(self.data_dir), "left out beside --server", "a server knows its folder")
        if self.scheduler is not None and self.engine != "dask":
            raise field_error("--scheduler", self.scheduler, "--engine dask beside it", "write --engine dask as well")
        if self.engine == "local" and self.server is None and (self.workers or 0) > MOST_HERE:
            raise field_error("--workers", self.workers, f"1 to {MOST_HERE} on this machine", "name a cluster")
        if self.server is not None and self.engine == "dask" and not os.environ.get(TOKEN_VARIABLE):
            raise field_error(
                TOKEN_VARIABLE, "", "the secret of that server's workers", "start server and sweep with the same"
            )


@dataclass(frozen=True)
class Trainers:
    """A server, how many trials it trains at a time, and the cluster that lends it workers, if one does."""

    client: Client
    at_once: int
    machines: Cluster | None = None

    def drive(self, plan: Plan, source: Source) -> list[Outcome]:
        """Train what a source gives, with a bar on a terminal."""
        with Bar(plan, self.client.url) as bar:

            def tell(updates: int, ended: int) -> None:
                bar.tell(updates, ended)
                if self.machines is not None:
                    self.machines.keep(self.client.url, plan.count - ended)

            # One that is ready takes the place of one that ends at once.
            return Drive(self.client, plan, source, self.at_once + 1, tell).run()


def cores() -> int:
    """Of this machine, that this process may use."""
    return len(os.sched_getaffinity(0))


@contextlib.contextmanager
def reached(place: Place) -> Iterator[Trainers]:
    """Those who train, until the command has done.

    Raises:
        CommandError: There is no server or no cluster, or it went away.
    """
    place.check()
    with contextlib.ExitStack() as stack:
        try:
            machines = None
            if place.engine == "dask":
                machines = stack.enter_context(cluster(place.scheduler, place.workers))
            at_once = machines.workers if machines else place.workers or cores()
            if place.server is not None:
                url = address_of(place.server)
                if machines is not None:
                    machines.token = os.environ[TOKEN_VARIABLE]
            else:
                lent = {} if machines is None else {"token": machines.token, "host": machines.host}
                url = stack.enter_context(own_server(Wanted(place.data_dir, at_once, **lent)))
            yield Trainers(Client(url, place.data_dir), at_once, machines)
        except NoServerError as error:
            raise CommandError(f"{error}, or let a server that has it do it with --server URL", error.code) from None
        except AwayError as error:
            raise CommandError(f"{error}; --resume goes on with what was begun") from None
        except NoClusterError as error:
            raise CommandError(str(error)) from None
