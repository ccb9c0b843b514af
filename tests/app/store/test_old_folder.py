"""A data folder of version 0.1 (tests/data/README.md) is opened, gone on with and exported as by that version."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.model.contract import KNOBS
from tests.app.commands.running import run_sab
from tests.fakes.server import Live, in_process, in_thread

ARCHIVE = Path(__file__).resolve().parents[2] / "data" / "v0.1.tar.xz"
RUNS = ("finished", "stopped", "reset", "resumed")
PANELS = ("curves", "attention", "gradients", "paths")
HERE = [(name, panel) for name in RUNS for panel in PANELS]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("v0.1")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def expected(unpacked: Path) -> dict[str, Any]:
    return dict(json.loads((unpacked / "expected.json").read_text()))


@pytest.fixture(scope="module")
def live(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Today's server on a copy of the folder."""
    folder = tmp_path_factory.mktemp("opened") / "data"
    shutil.copytree(unpacked / "data", folder)
    with in_thread(folder) as opened:
        yield opened


@pytest.fixture
def folder(unpacked: Path, tmp_path: Path) -> Path:
    """A copy of the folder as version 0.1 left it."""
    return Path(shutil.copytree(unpacked / "data", tmp_path / "data"))


def holds(found: Any, wanted: Any, where: str = "") -> None:
    """All of `wanted` is in `found`, exactly; tables may have gained fields since."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), where
        for name, value in wanted.items():
            assert name in found, f"{where}.{name} is missing"
            holds(found[name], value, f"{where}.{name}")
    elif isinstance(wanted, list):
        assert isinstance(found, list), where
        assert len(found) == len(wanted), where
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            holds(one, other, f"{where}[{index}]")
    else:
        assert found == wanted, f"{where}: {found!r} is not {wanted!r}"


def table_of(old: dict[str, Any], panel: str) -> str:
    """The table as version 0.1 wrote it; its curves kept silent about knobs that had been turned, ours tell them."""
    text: str = old["csv"][panel]
    parameters, spec = old["view"]["parameters"], old["view"]["spec"]
    knobs = {name: parameters[name] for name in KNOBS}
    if panel != "curves" or knobs.items() <= {**spec["model"], **spec["training"]}.items():
        return text
    line = next(line for line in text.splitlines() if line.startswith("# config: "))
    config = {**json.loads(line.removeprefix("# config: ")), "in force": knobs}
    return text.replace(line, f"# config: {json.dumps(config, separators=(',', ':'))}")


def test_the_list_is_that_of_version_0_1(live: Live, expected: dict[str, Any]) -> None:
    assert [run["id"] for run in live.http.get("/api/runs").json()] == expected["listed"]


@pytest.mark.parametrize("name", RUNS)
def test_a_run_its_curves_and_its_snapshots_are_those_of_version_0_1(
    live: Live, expected: dict[str, Any], name: str
) -> None:
    old = expected["runs"][name]
    path = f"/api/runs/{old['id']}"
    holds(live.http.get(path).json(), old["view"], name)
    holds(live.http.get(f"{path}/metrics").json(), old["metrics"], f"{name} metrics")
    holds(live.http.get(f"{path}/snapshots").json(), old["snapshots"], f"{name} snapshots")
    assert old["traces"]
    for update, trace in old["traces"].items():
        holds(live.http.get(f"{path}/snapshots/{update}").json(), trace, f"{name} at {update}")


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("panel", PANELS)
def test_a_table_of_the_server_is_that_of_version_0_1(
    live: Live, expected: dict[str, Any], name: str, panel: str
) -> None:
    old = expected["runs"][name]
    answer = live.http.get(f"/api/runs/{old['id']}/export", params={"panel": panel, "format": "csv"})
    assert answer.status_code == 200, answer.text
    assert answer.text == table_of(old, panel)


@pytest.mark.parametrize(("name", "panel"), HERE)
def test_a_table_without_a_server_is_the_same(
    folder: Path, tmp_path: Path, expected: dict[str, Any], capsys: pytest.CaptureFixture[str], name: str, panel: str
) -> None:
    old, out = expected["runs"][name], tmp_path / "table.csv"
    words = ("export", old["id"], "--panel", panel, "-o", str(out), "--data-dir", str(folder))
    code, _, err = run_sab(capsys, *words)
    assert (code, err) == (0, "")
    assert out.read_text() == table_of(old, panel)


@pytest.mark.parametrize(("ending", "begin"), [("json", b"{"), ("png", b"\x89PNG"), ("npz", b"PK"), ("html", b"<!")])
def test_other_files_are_made_with_and_without_a_server(
    live: Live,
    folder: Path,
    tmp_path: Path,
    expected: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    ending: str,
    begin: bytes,
) -> None:
    run = expected["runs"]["reset"]["id"]
    answer = live.http.get(f"/api/runs/{run}/export", params={"panel": "attention", "format": ending})
    assert answer.status_code == 200, answer.text
    out = tmp_path / f"file.{ending}"
    words = ("export", run, "--panel", "attention", "-o", str(out), "--data-dir", str(folder))
    code, _, err = run_sab(capsys, *words)
    assert (code, err) == (0, "")
    assert answer.content.lower().startswith(begin.lower())
    assert out.read_bytes().lower().startswith(begin.lower())


def test_the_bundle_of_an_old_run_is_made(live: Live, expected: dict[str, Any]) -> None:
    answer = live.http.get(f"/api/runs/{expected['runs']['resumed']['id']}/bundle")
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")


@pytest.mark.server
def test_a_stopped_run_goes_on_to_the_end_that_version_0_1_came_to(folder: Path, expected: dict[str, Any]) -> None:
    old, end = expected["runs"]["stopped"], expected["gone_on"]
    with in_process(folder, "--real") as live:
        assert live.run(old["id"])["status"] == "stopped"
        assert live.command(old["id"], "resume").status_code == 202
        view = live.reach(old["id"], "finished", seconds=90)
        metrics = live.http.get(f"/api/runs/{old['id']}/metrics").json()
    assert view["update"] == end["view"]["update"]
    assert view["parameters"] == end["view"]["parameters"]
    assert metrics["update"] == end["metrics"]["update"]
    stopped_at = old["view"]["update"]
    assert metrics["loss"][:stopped_at] == end["metrics"]["loss"][:stopped_at]
    # Other machines compile the loops to other instructions, so what is newly trained agrees in its leading digits.
    assert metrics["loss"] == pytest.approx(end["metrics"]["loss"], rel=1e-4)


@pytest.mark.server
def test_a_stored_network_of_version_0_1_is_probed(folder: Path, expected: dict[str, Any]) -> None:
    old = expected["runs"]["finished"]
    with in_process(folder, "--real") as live:
        answer = live.http.post("/api/probe", json={"run": old["id"]}, timeout=90)
    assert answer.status_code == 200, answer.text
    trace = old["traces"][str(old["view"]["update"])]
    assert answer.json()["attention"]["source"] == trace["attention"]["source"]
    assert answer.json()["loss_T"] == pytest.approx(trace["loss_T"], rel=1e-4)
