"""The commands around the training: doctor, worker, serve, export, and the help."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import create_engine, insert

from sab_visualiser.app.commands import doctor as doctor_module
from sab_visualiser.app.commands.folder.findings import Finding, folder
from sab_visualiser.app.commands.worker import socket_address
from sab_visualiser.app.export.content import parquet
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.errors import UserError
from sab_visualiser.app.wire.packing import as_array, to_bytes
from tests.app.commands.running import run_sab
from tests.app.export.traces import SPEC, made_up, metrics, record_of


@pytest.mark.parametrize("command", ["serve", "train", "export", "doctor", "bench", "worker"])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = run_sab(capsys, command, "--help")
    assert code == 0
    assert "--help" in out


def test_no_words_at_all_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_sab(capsys)
    assert code == 0
    assert "serve" in out


def test_a_command_that_does_not_exist_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run_sab(capsys, "swim")
    assert code == 2
    assert err.count("\n") == 1


def test_the_command_line_starts_without_torch_and_without_drawing() -> None:
    script = "import sys, sab_visualiser.app.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"torch", "matplotlib", "plotly", "numpy", "sqlalchemy"}.isdisjoint(done.stdout.split())


def test_the_doctor_reports_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor_module, "torch_findings", lambda _: [Finding("torch", "9.9", True)])
    code, out, err = run_sab(capsys, "doctor", "--data-dir", str(tmp_path), "--json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    names = [finding["name"] for finding in report["findings"]]
    assert report["fine"] is True
    assert {"python", "torch", "chromium", "data folder"} <= set(names)


def test_the_doctor_fails_when_something_is_not_in_order(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor_module, "torch_findings", lambda _: [Finding("torch", "1.0", False)])
    code, out, err = run_sab(capsys, "doctor", "--data-dir", str(tmp_path))
    assert code == 1
    assert "NOT OK" in out
    assert err == "sab: not in order: torch (1.0)\n"


def test_a_data_folder_below_a_file_is_not_in_order(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert folder(tmp_path / "file" / "data").fine is False
    assert folder(tmp_path / "new" / "data").fine is True
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.parametrize(
    ("server", "address"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/ws/worker"),
        ("https://host/", "wss://host/ws/worker"),
        ("ws://host:1/ws/worker", "ws://host:1/ws/worker"),
    ],
)
def test_a_worker_dials_the_socket_of_the_server(server: str, address: str) -> None:
    assert socket_address(server) == address


@pytest.mark.parametrize("server", ["host:8000", "ftp://host", "http://", ""])
def test_an_address_that_is_none_is_refused(server: str) -> None:
    with pytest.raises(UserError, match="an http"):
        socket_address(server)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("serve", "--port", "70000"), "port = 70000: 0 … 65535"),
        (("worker", "--server", "nowhere"), "--server"),
        (("export", "none.safetensors", "--panel", "paths", "-o", "x.csv"), "a file that exists"),
        (("export", "copy", "--panel", "paths", "--server", "nowhere", "-o", "x.csv"), "--server"),
        (("export", "r9", "--panel", "paths", "--data-dir", "nowhere", "-o", "x.csv"), "RUN"),
        (("export", "r9", "--panel", "paths", "-o", "x.gif"), "one of png"),
        (("export", "r9", "--panel", "arcs", "-o", "x.csv"), "--panel"),
        (("export", "copy", "--panel", "paths", "--knocked-out", "40:0", "-o", "x.csv"), "knocked_out"),
        (("export", "copy", "--panel", "paths", "--inputs", "CAB", "-o", "x.csv"), "inputs"),
        (("export", "release", "--panel", "curves", "-o", "x.csv"), "without the history"),
    ],
)
def test_what_is_not_accepted_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run_sab(capsys, *words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder with one run `r1`: a snapshot at update 400 and three updates of metrics."""
    engine = create_engine(f"sqlite+pysqlite:///{tmp_path / 'runs.sqlite'}")
    tables.metadata.create_all(engine)
    place = {"run": "r1", "attempt": 2, "update": 400}
    head = {**place, "kind": "snapshot"}
    frame = zstandard.ZstdCompressor().compress(encode({**head, "trace": as_array(to_bytes(record_of(made_up())))}))
    parts = [_part(slice(0, 2)), _part(slice(2, 3))]
    events = [
        {**place, "seq": seq, "kind": "metrics", "frame": encode({**head, "kind": "metrics", "seq": seq, "data": part})}
        for seq, part in enumerate(parts)
    ]
    with engine.begin() as connection:
        state = {"id": "r1", "name": "", "created": "", "attempt": 2, "spec": SPEC}
        connection.execute(insert(tables.runs), {"id": "r1", "created": "", "state": json.dumps(state)})
        connection.execute(insert(tables.snapshots), {**place, "frame": frame})
        connection.execute(insert(tables.events), events)
    engine.dispose()
    return tmp_path


def _part(rows: slice) -> dict[str, Any]:
    columns = metrics()
    del columns["looks"]
    values = {name: column[rows] for name, column in columns.pop("values").items()}
    return {**{name: column[rows] for name, column in columns.items()}, "values": values}


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths", "curves"])
def test_a_stored_run_is_exported_without_a_server_with_the_numbers_it_has(
    capsys: pytest.CaptureFixture[str], data_dir: Path, panel: str
) -> None:
    from sab_visualiser.app.export.render import caption_for, render

    file = data_dir / "out.csv"
    words = ("export", "r1", "--panel", panel, "-o", str(file), "--data-dir", str(data_dir), "--json")
    code, out, err = run_sab(capsys, *words)
    assert (code, err) == (0, "")
    assert json.loads(out) == {"file": str(file), "size_bytes": file.stat().st_size}
    data = metrics() if panel == "curves" else made_up()
    assert file.read_bytes() == render(panel, "csv", data, caption_for(panel, data, SPEC, "r1"))


def test_a_format_whose_extra_is_missing_is_one_line_with_its_remedy(
    capsys: pytest.CaptureFixture[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "PACKAGE", "a_package_that_nobody_has")
    file = data_dir / "curves.parquet"
    code, _, err = run_sab(capsys, "export", "r1", "--panel", "curves", "-o", str(file), "--data-dir", str(data_dir))
    assert (code, err.count("\n"), file.exists()) == (1, 1, False)
    assert "pip install 'sab-visualiser[parquet]'" in err


def test_gradients_of_the_cell_state_are_exported_on_request(
    capsys: pytest.CaptureFixture[str], data_dir: Path
) -> None:
    file = data_dir / "out.json"
    words = ("export", "r1", "--panel", "gradients", "--cell", "-o", str(file), "--data-dir", str(data_dir))
    code, _, err = run_sab(capsys, *words)
    assert (code, err) == (0, "")
    assert json.loads(file.read_text())["columns"]["sab_cell"] == made_up()["gradient_norm_cell"]["sab"]


def test_a_folder_that_cannot_be_written_is_one_line(capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
    missing = data_dir / "missing" / "out.csv"
    code, _, err = run_sab(capsys, "export", "r1", "--panel", "paths", "-o", str(missing), "--data-dir", str(data_dir))
    assert code == 1
    assert "choose a folder" in err
    assert err.count("\n") == 1


def test_an_update_without_a_snapshot_is_refused(capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
    words = ("export", "r1", "--panel", "paths", "-o", str(data_dir / "x.csv"), "--data-dir", str(data_dir))
    code, _, err = run_sab(capsys, *words, "--update", "7")
    assert code == 2
    assert "an update that has a snapshot" in err


def test_arcs_are_knocked_out_and_a_sequence_of_ones_own_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = [*([2] * 10), *([8] * 29), 9, *([8] * 10)]
    file = tmp_path / "out.json"
    words = ("export", "copy", "--panel", "attention", "--inputs", json.dumps(own), "--loss-step", "40")
    code, _, err = run_sab(capsys, *words, "--knocked-out", "40-0,41-1", "--knocked-out", "42-2", "-o", str(file))
    assert (code, err) == (0, "")
    found = json.loads(file.read_text())
    assert found["caption"]["example"] == "own input"
    assert found["caption"]["knocked out"] == "40 → 0, 41 → 1, 42 → 2"
    columns = [found["columns"][name] for name in ("reader", "source", "weight")]
    weights = {(reader, source): weight for reader, source, weight in zip(*columns, strict=True)}
    assert [weights.get(arc, 0) for arc in ((40, 0), (41, 1), (42, 2))] == [0, 0, 0]


def test_an_earlier_update_and_the_curves_of_a_preset_with_a_history_are_exported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "out.json"
    for panel, more in (("paths", ("--update", "0")), ("curves", ())):
        code, _, err = run_sab(capsys, "export", "copy", "--panel", panel, *more, "-o", str(file))
        assert (code, err) == (0, "")
        assert json.loads(file.read_text())["caption"]["preset"] == "copy"
    assert len(json.loads(file.read_text())["columns"]["update"]) > 1000
    code, _, err = run_sab(capsys, "export", "copy", "--panel", "paths", "--update", "0", "--k-top", "1")
    assert code == 2


def test_an_export_as_short_as_the_readme_would_have_it_writes_a_picture_or_the_page(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for panel, start in (("attention", b"\x89PNG"), ("view", b"<!doctype html>")):
        code, out, err = run_sab(capsys, "export", "copy", "--panel", panel, "--json")
        assert code == 0, err
        file = Path(json.loads(out.splitlines()[-1])["file"])
        assert file.read_bytes()[: len(start)].lower() == start.lower()
        assert file.suffix == (".png" if panel == "attention" else ".html")


def test_an_export_cuts_as_it_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "gradients.json"
    words = ("export", "copy", "--panel", "gradients", "--loss-step", "40", "--cuts", "window", "-o", str(file))
    code, _, err = run_sab(capsys, *words)
    assert code == 0, err
    written = json.loads(file.read_text("utf-8"))
    assert '"cuts":"window"' in json.dumps(written, separators=(",", ":"))
