"""The command line exports what the server exports, byte for byte: both ask the same code which numbers those are."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import torch

from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.wire.requests import ProbeRequest
from sab_visualiser.app.worker.record import probe_record
from tests.app.commands.running import run_sab
from tests.fakes.server import Live, eventually, in_thread
from tests.fakes.threads import ThreadLauncher

TINY: dict[str, Any] = {
    "task": {"name": "copy", "T": 6, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_top": 3, "k_trunc": 3, "k_att": 1},
    "training": {"batch_size": 4, "updates": 40, "seed": 3},
}
TRACED = ("attention", "gradients", "paths")
PANELS = (*TRACED, "curves")
FORMATS = ("csv", "json")
RUNS = ("finished", "resumed", "reset", "turned", "every memory", "untrained")
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"example": 3},
    {"loss_step": "whole"},
    {"loss_step": 7, "k_top": 1},
    {"share": 0.5, "knocked_out": "9-0"},
)


def spec(**changes: dict[str, Any]) -> dict[str, Any]:
    return {part: {**values, **changes.get(part, {})} for part, values in TINY.items()}


def resumed(live: Live) -> str:
    """A run whose worker was lost some updates after a checkpoint, and which went on from there."""
    run = live.start(**spec(training={"updates": 100_000}))
    live.reach(run, "running", update=5)
    live.command(run, "checkpoint")
    saved = eventually(lambda: live.run(run)["checkpoint_update"])
    live.reach(run, "running", update=saved + 20)
    worker = live.app.state.conductor.worker_of[run].id
    live.launcher.started[worker].kill()
    lost = live.reach(run, "failed")
    assert lost["update"] > saved, "some updates are void"
    live.command(run, "resume")
    live.reach(run, "running", update=saved + 5)
    live.command(run, "stop")
    live.reach(run, "stopped")
    return run


def again(live: Live) -> str:
    """A run that was reset: its second attempt."""
    run = live.start(**spec())
    live.reach(run, "finished")
    live.command(run, "reseed")
    eventually(lambda: live.run(run)["attempt"] == 2 and live.run(run)["status"] == "finished")
    return run


def turned(live: Live) -> str:
    """A run whose knobs were turned on the way."""
    run = live.start(**spec(training={"updates": 100_000}))
    live.reach(run, "running", update=3)
    live.command(run, "set_parameters", parameters={"k_top": 10_000, "learning_rate": 0.01})
    at = eventually(lambda: live.run(run)["parameters"]["k_top"] == 10_000 and live.run(run)["update"])
    live.reach(run, "running", update=at + 3)
    live.command(run, "stop")
    live.reach(run, "stopped")
    return run


def untrained(live: Live) -> str:
    """A run that was reset while it paused: it stands at update 0, with a snapshot and no checkpoint."""
    run = live.start(**spec(training={"updates": 100_000}))
    live.reach(run, "running", update=1)
    live.command(run, "pause")
    live.reach(run, "paused")
    live.command(run, "reset")
    eventually(lambda: live.run(run)["status"] == "paused" and live.run(run)["attempt"] == 2)
    eventually(lambda: live.http.get(f"/api/runs/{run}/snapshots").json()["updates"])
    return run


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with in_thread(tmp_path_factory.mktemp("data"), ThreadLauncher(), max_runs=8) as opened:
        yield opened


@pytest.fixture(scope="module")
def runs(live: Live) -> dict[str, str]:
    finished = live.start(**spec())
    method = live.start(**spec(model={"method": "attention"}))
    for run in (finished, method):
        live.reach(run, "finished")
    return {
        "finished": finished,
        "resumed": resumed(live),
        "reset": again(live),
        "turned": turned(live),
        "every memory": method,
        "untrained": untrained(live),
    }


class Both:
    """One export asked of the server and of the command line."""

    def __init__(self, live: Live, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._live, self._out, self._capsys = live, out, capsys

    def of_server(self, named: dict[str, str], **query: Any) -> httpx2.Response:
        path = f"/api/runs/{named['run']}/export" if "run" in named else "/api/export"
        more = {} if "run" in named else named
        return self._live.http.get(path, params={**more, **query})

    def of_command(self, network: str, **query: Any) -> bytes:
        self._out.mkdir(exist_ok=True)
        file = self._out / f"out.{query.pop('format')}"
        options = [word for name, value in query.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        words = ("export", network, *options, "-o", str(file), "--data-dir", str(self._live.data_dir))
        code, _, err = run_sab(self._capsys, *words)
        assert (code, err) == (0, "")
        return file.read_bytes()

    def agree(self, named: dict[str, str], network: str | None = None, **query: Any) -> bytes:
        answer = self.of_server(named, **query)
        assert answer.status_code == 200, answer.text
        here = self.of_command(network or next(iter(named.values())), **query)
        assert here.decode() == answer.text
        return here


@pytest.fixture
def both(live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Both:
    return Both(live, tmp_path / "out", capsys)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("kind", RUNS)
def test_a_panel_of_a_run_is_the_same(
    both: Both, runs: dict[str, str], kind: str, panel: str, file_format: str
) -> None:
    both.agree({"run": runs[kind]}, panel=panel, format=file_format)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kind", ["finished", "resumed", "turned", "every memory", "untrained"])
def test_another_question_to_a_run_is_answered_the_same(
    both: Both, runs: dict[str, str], kind: str, question: dict[str, Any]
) -> None:
    if kind == "every memory":
        question = {name: value for name, value in question.items() if name != "k_top"}
    both.agree({"run": runs[kind]}, panel="paths", format="json", **question)


def test_an_update_with_a_checkpoint_is_asked_of_that_checkpoint(both: Both, live: Live, runs: dict[str, str]) -> None:
    run = runs["resumed"]
    listed = live.http.get(f"/api/runs/{run}/snapshots").json()
    at = max({each["update"] for each in listed["checkpoints"]} & set(listed["updates"]))
    file = both.agree({"run": run}, panel="gradients", format="json", update=at, example=2)
    assert json.loads(file)["caption"]["update"] == at


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_of_a_preset_is_the_same(both: Both, panel: str, file_format: str) -> None:
    both.agree({"preset": "copy"}, panel=panel, format=file_format)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("panel", TRACED)
def test_a_panel_of_a_preset_that_is_trained_live_is_the_same(both: Both, panel: str, file_format: str) -> None:
    both.agree({"preset": "copy-10"}, panel=panel, format=file_format)


@pytest.mark.parametrize("question", [*QUESTIONS[:2], {"loss_step": 45, "k_top": 1}, {"update": 0}])
def test_another_question_to_a_preset_is_answered_the_same(both: Both, question: dict[str, Any]) -> None:
    both.agree({"preset": "copy"}, panel="attention", format="csv", **question)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("panel", TRACED)
@pytest.mark.parametrize("question", [{}, {"loss_step": 8, "example": 1}])
def test_a_panel_of_a_checkpoint_is_the_same(
    both: Both, live: Live, runs: dict[str, str], panel: str, file_format: str, question: dict[str, Any]
) -> None:
    """The file is called by its hash, so that even the names agree."""
    sha256 = live.run(runs["turned"])["checkpoint"]
    path = live.data_dir / "checkpoints" / f"{sha256}.safetensors"
    both.agree({"checkpoint": sha256}, str(path), panel=panel, format=file_format, **question)


@pytest.mark.parametrize("kind", RUNS)
def test_curves_of_command_line_api_and_bundle_are_equal_to_the_number(
    both: Both, live: Live, runs: dict[str, str], kind: str
) -> None:
    run = runs[kind]
    api = live.http.get(f"/api/runs/{run}/metrics").json()
    bundle = zipfile.ZipFile(io.BytesIO(live.http.get(f"/api/runs/{run}/bundle").content))
    bundled = list(csv.DictReader(io.StringIO(bundle.read("metrics.csv").decode())))
    exported = json.loads(both.of_command(run, panel="curves", format="json"))["columns"]
    named = {name: api[name] for name in ("update", "loss", "gradient_norm", "learning_rate", "skipped")}
    columns = {**named, **api["values"]}
    assert api["update"] == list(range(1, len(api["update"]) + 1)), "every update once, none that is void"
    assert exported == columns
    assert {name: [float(row[name]) for row in bundled] for name in columns} == columns


def test_every_caption_of_a_run_tells_the_same_knobs(both: Both, runs: dict[str, str]) -> None:
    for kind, k_top in (("turned", 10_000), ("every memory", 10_000), ("finished", 3)):
        told = set()
        for panel in PANELS:
            caption = json.loads(both.of_command(runs[kind], panel=panel, format="json"))["caption"]
            told.add(caption["config"].get("in force", caption["config"]["model"])["k_top"])
        assert told == {k_top}, kind


def test_what_nobody_stored_is_refused_in_the_same_words(
    both: Both, live: Live, runs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    query = {"panel": "paths", "format": "csv", "update": 7_000_000}
    answer = both.of_server({"run": runs["finished"]}, **query)
    words = ("--panel", "paths", "--format", "csv", "--update", "7000000", "--data-dir", str(live.data_dir))
    code, _, err = run_sab(capsys, "export", runs["finished"], *words)
    assert (answer.status_code, code) == (404, 2)
    assert answer.json()["errors"][0]["range"] in err


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_command_line_finds_the_same_digits_whatever_torch_was_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], threads: int
) -> None:
    """With two threads the variant release adds up in another order."""
    before, file = torch.get_num_threads(), tmp_path / "out.json"
    torch.set_num_threads(threads)
    try:
        words = ("export", "release", "--panel", "gradients", "--example", "2", "--loss-step", "whole", "-o", str(file))
        assert run_sab(capsys, *words)[0] == 0
        assert torch.get_num_threads() == threads
        with_one = in_a_workers_way()
    finally:
        torch.set_num_threads(before)
    assert json.loads(file.read_text())["columns"]["sab"] == with_one


def in_a_workers_way() -> list[float]:
    """The same question to the weights, in a worker's way."""
    torch.set_num_threads(1)
    columns = probe_record(
        page_folder() / "static" / "presets" / "release.safetensors",
        ProbeRequest(preset="release", example=2, loss_step=None),
    )
    return [float(value) for value in columns["gradient_norm"]["sab"]]
