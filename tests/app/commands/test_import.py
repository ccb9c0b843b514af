"""`sab import`: into a folder that nobody has, or through the server that has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sab_visualiser.app.store.folder.refusals import IN_USE
from tests.app.bundle.zips import bundle_of, forged
from tests.app.commands.running import run_sab
from tests.fakes.server import Live, in_thread
from tests.fakes.threads import ThreadLauncher

SPEC = {
    "task": {"name": "copy", "T": 5, "items": 2},
    "model": {"hidden_size": 8, "attention_size": 4, "k_top": 2, "k_att": 1, "k_trunc": 2},
    "training": {"batch_size": 4, "updates": 30, "seed": 3},
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of a run whose network is a real one."""
    folder = tmp_path_factory.mktemp("made")
    with in_thread(folder / "data", ThreadLauncher()) as live:
        run = live.start(name="to go", **SPEC)
        live.reach(run, "finished", seconds=90)
        (folder / "run.zip").write_bytes(bundle_of(live, run))
    return folder / "run.zip"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with in_thread(tmp_path / "served", ThreadLauncher()) as opened:
        yield opened


def test_a_run_is_brought_into_a_folder_and_a_server_shows_it(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "data"
    code, out, err = run_sab(capsys, "import", str(bundle), "--data-dir", str(folder), "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["name"], told["status"], told["update"]) == ("to go", "finished", 30)
    with in_thread(folder, ThreadLauncher()) as live:
        assert live.run(told["id"])["metrics"]["loss"] > 0
        assert live.http.post("/api/probe", json={"run": told["id"]}, timeout=90).status_code == 200


def test_a_run_is_brought_in_by_a_server(bundle: Path, live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_sab(capsys, "import", str(bundle), "--server", f"{live.url}/")
    assert (code, err) == (0, "")
    run = out.split()[1].rstrip(":")
    assert out == f"run {run}: to go, finished at update 30\n"
    assert live.run(run)["name"] == "to go"


def test_the_folder_of_a_running_server_is_left_alone(
    bundle: Path, live: Live, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run_sab(capsys, "import", str(bundle), "--data-dir", str(live.data_dir))
    assert (code, out) == (IN_USE, "")
    assert "in use by the server" in err
    assert "--server URL" in err
    assert live.http.get("/api/runs").json() == []


def test_a_bundle_that_is_not_accepted_is_one_line_and_leaves_nothing(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(forged(bundle.read_bytes(), {}, version=9))
    code, out, err = run_sab(capsys, "import", str(bad), "--data-dir", str(tmp_path / "data"))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "update this one" in err
    assert list((tmp_path / "data" / "checkpoints").iterdir()) == []


def test_a_checkpoint_that_is_none_of_ours_is_refused_without_a_server_too(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(forged(bundle.read_bytes(), {"checkpoint-30.safetensors": b"\x80\x04pickle"}))
    code, _, err = run_sab(capsys, "import", str(bad), "--data-dir", str(tmp_path / "data"))
    assert code == 2
    assert "a checkpoint's has at most" in err
    assert list((tmp_path / "data" / "checkpoints").iterdir()) == []


def test_what_a_server_refuses_is_told_in_its_words(
    tmp_path: Path, live: Live, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"hello")
    code, out, err = run_sab(capsys, "import", str(bad), "--server", live.url)
    assert (code, out) == (2, "")
    assert err.startswith('sab: bundle = "not a zip file"')


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere.zip",), "BUNDLE"),
        (("HERE", "--server", "ftp://x"), "--server"),
        (("HERE", "--server", "http://127.0.0.1:9"), "is it running?"),
        (("HERE", "--server", "http://127.0.0.1:9", "--data-dir", "x"), "--data-dir"),
        (("HERE", "--data-dir", "/proc/nothing/here"), "choose another folder with --data-dir"),
        ((), "BUNDLE"),
    ],
)
def test_words_that_cannot_be_obeyed_are_one_line(
    bundle: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, out, err = run_sab(capsys, "import", *(str(bundle) if word == "HERE" else word for word in words))
    assert code != 0
    assert out == ""
    assert told in err
    assert err.count("\n") == 1


POEM = "two roads diverged in a yellow wood\n" * 40
CHAR = {"model": SPEC["model"], "training": {"batch_size": 4, "updates": 3}}


@pytest.mark.parametrize("whole", [True, False])
def test_a_run_on_a_text_goes_on_with_it_and_without_it_says_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, whole: bool
) -> None:
    _forget(monkeypatch)
    with in_thread(tmp_path / "here", ThreadLauncher()) as live:
        told = live.http.post("/api/texts?name=a", content=POEM.encode(), headers={"content-type": "text/plain"}).json()
        run = live.start(**CHAR, task={"name": "char", "T": 20, "data": told["data"]})
        live.reach(run, "finished", seconds=90)
        bundle = bundle_of(live, run)
    file = tmp_path / "run.zip"
    file.write_bytes(bundle if whole else forged(bundle, {"text.txt": None}))
    _forget(monkeypatch)
    code, out, err = run_sab(capsys, "import", str(file), "--data-dir", str(tmp_path / "there"))
    assert (code, err) == (0, "")
    assert (last := out.splitlines()[-1]).startswith("run " if whole else "its text, a@")
    assert whole or "is not here: send it to POST /api/texts" in last
    _forget(monkeypatch)
    with in_thread(tmp_path / "there", ThreadLauncher()) as live:
        (copy,) = (run["id"] for run in live.http.get("/api/runs").json())
        if not whole:
            assert live.http.post("/api/probe", json={"run": copy}, timeout=90).status_code == 422
            live.http.post("/api/texts?name=b", content=POEM.encode(), headers={"content-type": "text/plain"})
        answer = live.http.post("/api/probe", json={"run": copy}, timeout=90)
        assert answer.json().get("steps") == 20, answer.text
        assert live.run(copy)["chance"]["bpc"] == told["bpc"]
        assert live.command(copy, "reset").status_code == 202
        assert live.reach(copy, "finished", seconds=90)["metrics"]["bpc"] > 0


def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process knows of texts, as if it were another."""
    monkeypatch.setattr("sab_visualiser.model.contract.data._ADDED", {})
    monkeypatch.setattr("sab_visualiser.model.tasks.data._BROUGHT", {})
