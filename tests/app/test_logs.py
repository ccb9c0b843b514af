"""What the log says and how: lines for people, objects for programs, and nobody's secret."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from sab_visualiser.app.logs import AsJson, Plain
from tests.fakes.server import in_process

SECRETS = [
    "Authorization: Bearer s3cret-t0ken",
    "GET /login?code=s3cret-t0ken HTTP/1.1",
    "Referer http://h/?token=s3cret-t0ken&x=1",
    '{"cookie": "sab"} cookie=s3cret-t0ken; path=/',
]


def record(message: str, *values: object, error: bool = False, **more: object) -> logging.LogRecord:
    info = None
    if error:
        try:
            raise ValueError("token=s3cret-t0ken")
        except ValueError:
            info = sys.exc_info()
    made = logging.LogRecord("app", logging.WARNING, "file.py", 1, message, values, info)
    vars(made).update(more)
    return made


@pytest.mark.parametrize("formatter", [Plain("%(levelname)s %(message)s"), AsJson()], ids=["plain", "json"])
@pytest.mark.parametrize("words", SECRETS)
def test_B6_no_secret_is_written(formatter: logging.Formatter, words: str) -> None:
    for one in (record(words), record("%s", words), record("it failed", error=True)):
        said = formatter.format(one)
        assert "s3cret" not in said
        assert "***" in said


def test_what_somebody_sent_cannot_begin_a_line_of_its_own() -> None:
    said = record("run %s is gone", "x\nERROR app: forged\r\u2028\x1b[2J")
    assert len(Plain("%(message)s").format(said).splitlines()) == 1
    assert len(AsJson().format(said).splitlines()) == 1
    assert json.loads(AsJson().format(said))["message"] == "run x\nERROR app: forged\r\u2028\x1b[2J is gone"


def test_an_object_says_when_how_grave_and_about_which_run() -> None:
    said = json.loads(AsJson().format(record("run %s", "r1", run="r1", event="status", update=7, error=True)))
    assert (said["level"], said["run"], said["event"], said["update"]) == ("warning", "r1", "status", 7)
    assert said["time"].endswith("+00:00")
    assert "ValueError" in said["error"]


@pytest.mark.server
def test_a_server_tells_of_its_runs_as_objects_and_of_nothing_as_lines(tmp_path: Path) -> None:
    for how, expected in (("json", True), ("plain", False)):
        with in_process(tmp_path / how, SAB_LOG=how) as live:
            assert live.process is not None
            assert live.process.stderr is not None
            run = live.start(name="Ada", training={"updates": 6})
            live.command(run, "stop")
            live.reach(run, "finished", "stopped")
            live.process.terminate()
            said = [json.loads(line) for line in live.process.stderr.read().splitlines()]
        told = [one for one in said if one.get("run") == run]
        assert bool(told) is expected
        assert all(one["message"].startswith(f"run {run} at update ") for one in told)
