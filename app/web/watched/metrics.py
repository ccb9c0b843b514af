"""`GET /metrics`: figures of the whole server in the text format of Prometheus.

Counts and sums only: no id, no name, nothing that a person wrote, no secret. Curves of a run are another matter
(`GET /api/runs/{run_id}/metrics`).
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from sab_visualiser.app.store.store import CHECKPOINTS, DATABASE
from sab_visualiser.app.version import VERSION
from sab_visualiser.app.web.parts import Here, Parts
from sab_visualiser.app.web.problems import REFUSED, problems
from sab_visualiser.app.wire.requests import RunStatus

TEXT = "text/plain; version=0.0.4; charset=utf-8"
router = APIRouter(tags=["server"], responses=problems())


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(here: Here) -> PlainTextResponse:
    """Figures of the whole server for Prometheus: runs by status, rates, viewers, the store, probes, refusals."""
    sizes = await asyncio.to_thread(_sizes, here.store.folder)
    return PlainTextResponse(_text(list(_families(here, sizes))), media_type=TEXT)


def _text(families: list[Any]) -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    class Now(Collector):
        def collect(self) -> list[Any]:
            return families

    registry = CollectorRegistry()
    registry.register(Now())
    return bytes(generate_latest(registry))


def _families(here: Parts, sizes: dict[str, int]) -> Iterator[Any]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

    def labelled(family: Any, values: Mapping[Any, float]) -> Metric:
        for name, value in sorted(values.items()):
            family.add_metric([name], value)
        made: Metric = family
        return made

    conductor = here.conductor
    runs = list(conductor.runs.values())
    statuses = dict.fromkeys(get_args(RunStatus), 0) | Counter(run.status for run in runs)
    workers = Counter(worker.role for worker in here.supervisor.workers.values())
    rate = sum(run.updates_per_s or 0.0 for run in runs if run.status == "running")
    yield labelled(GaugeMetricFamily("sab_info", "Version of the program.", labels=["version"]), {VERSION: 1})
    yield labelled(GaugeMetricFamily("sab_runs", "Runs by status.", labels=["status"]), statuses)
    yield GaugeMetricFamily("sab_updates_per_second", "Updates of all runs that train.", value=rate)
    yield GaugeMetricFamily("sab_queue_runs", "Runs that wait for a worker.", value=len(conductor.queue))
    yield GaugeMetricFamily("sab_viewers", "Open sockets of pages and scripts.", value=len(conductor.hub.viewers))
    yield labelled(GaugeMetricFamily("sab_workers", "Worker processes by role.", labels=["role"]), workers)
    yield labelled(
        CounterMetricFamily("sab_events", "Events and snapshots that were kept.", labels=["kind"]),
        conductor.journal.kept,
    )
    yield labelled(
        CounterMetricFamily("sab_refusals", "Problems that were answered, by status.", labels=["status"]),
        {str(status): count for status, count in REFUSED.items()},
    )
    took = here.probes.took
    yield HistogramMetricFamily("sab_probe_seconds", "Time of a probe.", buckets=took.buckets(), sum_value=took.sum_s)
    yield labelled(GaugeMetricFamily("sab_store_bytes", "Size of what is kept, by part.", labels=["part"]), {
        name: size for name, size in sizes.items() if name != "free"})  # fmt: skip
    yield GaugeMetricFamily("sab_disk_free_bytes", "Room on the disk of the data folder.", value=sizes["free"])
    yield GaugeMetricFamily("sab_store_writable", "1 where the store can be written.", value=_writable(here))


def _writable(here: Parts) -> int:
    return int(here.store.read_only is None and not here.conductor.held)


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of the database with its log, of checkpoints, and the room that is left."""
    database = [folder / f"{DATABASE}{ending}" for ending in ("", "-wal")]
    checkpoints = list((folder / CHECKPOINTS).iterdir()) if (folder / CHECKPOINTS).is_dir() else []
    return {"database": _sum(database), "checkpoints": _sum(checkpoints), "free": _free(folder)}


def _sum(paths: list[Path]) -> int:
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except OSError:
            continue  # gone since it was listed
    return total


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
