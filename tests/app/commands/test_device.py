"""`--device` and SAB_DEVICE: what is not here is refused in one line, and the doctor says what computes and why."""

from __future__ import annotations

import pytest

from sab_visualiser.app.commands import doctor
from sab_visualiser.app.commands.folder.findings import Finding
from sab_visualiser.model import card, devices
from sab_visualiser.model.card import Card
from sab_visualiser.model.passes.fused import backend as fused_backend
from tests.app.commands.running import run_sab

SMALL = ("--set", "task.T=4", "--set", "task.items=1", "--set", "model.hidden_size=8", "--updates", "2")


@pytest.fixture
def only_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "present", lambda: {"cpu": "2 cores"})
    monkeypatch.setattr(card, "found", lambda: Card(why_not="no driver"))


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_training_on_a_device_that_is_not_here_is_one_line(
    capsys: pytest.CaptureFixture[str], only_a_cpu: None, name: str
) -> None:
    code, out, err = run_sab(capsys, "train", *SMALL, "--device", name)
    assert (code, out) == (2, "")
    why = " (no driver)" if name == "cuda" else ""
    assert err == f"sab: device = '{name}': this machine has cpu{why}; use 'auto' or 'cpu'\n"


def test_a_name_that_is_no_device_is_one_line_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run_sab(capsys, "train", *SMALL, "--device", "gpu")
    assert code == 2
    assert "device = 'gpu': must be one of auto, cpu, cuda, mps" in err


def test_the_result_says_what_computed_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_sab(capsys, "train", *SMALL, "--device", "cpu")
    assert code == 0
    assert "on cpu, fused loops" in out


def test_serving_on_no_device_is_refused_before_the_server_starts(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_sab(capsys, "serve", "--device", "gpu", "--port", "0")
    assert (code, out) == (2, "")
    assert "device" in err
    assert "gpu" in err
    assert "cuda" in err
    assert "--help" in err


@pytest.mark.skipif("mps" in devices.present(), reason="this machine has an Apple GPU")
def test_serving_on_a_device_that_is_not_here_is_refused_before_the_server_starts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run_sab(capsys, "serve", "--device", "mps", "--port", "0")
    assert (code, out) == (2, "")
    assert "device = 'mps': this machine has cpu" in err
    assert err.count("\n") == 1


def findings(device: str = "auto") -> dict[str, tuple[str, bool | None]]:
    return {finding.name: (finding.value, finding.fine) for finding in doctor.engine_findings(device)}


def test_the_doctor_names_the_device_and_what_computes(only_a_cpu: None) -> None:
    found = findings()
    assert found["device"] == ("cpu; this machine has cpu (2 cores)", True)
    assert found["backend"] == ("numba: fused loops on 2 cores", True)
    value, fine = findings("cuda")["device"]
    assert fine is False
    assert "this machine has cpu" in value


def test_the_doctor_says_why_the_fused_loops_cannot_run(monkeypatch: pytest.MonkeyPatch, only_a_cpu: None) -> None:
    monkeypatch.setattr(fused_backend, "why_no_numba", lambda: "ImportError: cannot load llvmlite")
    value, fine = findings()["backend"]
    assert fine is False
    assert value.startswith("torch: the fused loops cannot run: ImportError: cannot load llvmlite;")
    assert "same numbers, slower" in value


def test_loops_that_were_switched_off_are_no_fault(monkeypatch: pytest.MonkeyPatch, only_a_cpu: None) -> None:
    monkeypatch.setenv("SAB_BACKEND", "torch")
    fused_backend.why_no_numba.cache_clear()
    try:
        value, fine = findings()["backend"]
    finally:
        fused_backend.why_no_numba.cache_clear()
    assert fine is True
    assert "switched off by SAB_BACKEND=torch" in value


@pytest.mark.parametrize(
    ("there", "failing", "runs", "value", "fine"),
    [
        (Card(why_not="Found no NVIDIA driver"), None, 4, "Found no NVIDIA driver", None),
        (Card("H100"), "CUDA error: no kernel image", 4, "H100 computes nothing: CUDA error: no kernel image", False),
        (
            Card("H100"),
            None,
            4,
            "H100, 60 GB of 80 GB free; up to 4 runs share it, each a process of its own, and one begins where its "
            "estimate is free",
            True,
        ),
        (Card("H100"), None, 1, "H100, 60 GB of 80 GB free; one run trains at a time", True),
    ],
)
def test_the_doctor_says_what_is_free_on_a_gpu_and_who_shares_it(
    monkeypatch: pytest.MonkeyPatch, there: Card, failing: str | None, runs: int, value: str, fine: bool | None
) -> None:
    monkeypatch.setattr(card, "found", lambda: there)
    monkeypatch.setattr(card, "failing", lambda device: failing)
    monkeypatch.setattr(card, "free_bytes", lambda: (60_000_000_000, 80_000_000_000))
    assert doctor.gpu_findings(runs) == [Finding("gpu", value, fine)]


def test_a_doctor_whose_setting_is_wrong_says_so_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAB_DEVICE", "abacus")
    code, _, err = run_sab(capsys, "doctor")
    assert code == 2
    assert "abacus" in err
    assert err.count("\n") == 1
