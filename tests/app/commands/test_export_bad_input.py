"""`sab export` with bad words and odd names of files: one line on what to do, and the whole file or none."""

from __future__ import annotations

import io
import json
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from sab_visualiser.app.commands.shared.common import CommandError
from sab_visualiser.app.commands.shared.files import write
from sab_visualiser.app.export import remote
from sab_visualiser.app.export.remote import local_name
from tests.app.commands.running import run_sab

TABLE = ("export", "copy", "--panel", "gradients", "--format", "csv")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, two deep, so that a name that leads upwards is seen."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--format", "svg", "--width-in", "0"), "width_in = "),
        (("--format", "svg", "--width-in", "100"), "1 … 20"),
        (("--format", "svg", "--width-in", "nan"), "width_in = "),
        (("--format", "svg", "--width-in", "wide"), "--width-in"),
        (("--format", "svg", "--font", "Comic Sans"), "--font"),
        (("--format", "svg", "--colormap", "jet"), "--colormap"),
        (("--format", "svg", "--theme", "blue"), "--theme"),
        (("--format", "svg", "--dpi", "0"), "50 … 1200"),
        (("--format", "gif"), "--format"),
        (("--format", "html", "--updates", "7"), "nearest: 0, "),
        (("--format", "html", "--updates", "new"), "updates = "),
        (("--format", "csv", "--updates", "0"), "only html holds several"),
    ],
)
def test_what_an_export_does_not_know_is_one_line_and_no_file(
    capsys: pytest.CaptureFixture[str], elsewhere: Path, words: tuple[str, ...], says: str
) -> None:
    code, out, err = run_sab(capsys, "export", "copy", "--panel", "paths", *words, "-o", "file")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert files_below(elsewhere) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/x.csv", "choose a folder"),
        ("x" * 300 + ".csv", "choose a shorter name"),
        ("👩‍🔬" * 40 + ".csv", "choose a shorter name"),
        ("..", "name a file in it"),
        (".", "name a file in it"),
        ("", "name a file in it"),
        ("x.csv/", "x.csv"),
    ],
)
def test_a_name_that_no_file_can_have_is_one_line_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], elsewhere: Path, tmp_path: Path, name: str, says: str
) -> None:
    code, out, err = run_sab(capsys, *TABLE, "-o", name)
    if name == "x.csv/":
        assert files_below(tmp_path) == ["a/b/x.csv"]
        return
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert says in err
    assert "--output" in err
    assert len(err) < 400
    assert files_below(tmp_path) == []


def test_a_name_with_a_nul_in_it_is_one_line_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = run_sab(capsys, *TABLE, "-o", "a\0b.csv")
    assert (bool(code), out, err.count("\n")) == (True, "", 1)
    with pytest.raises(CommandError, match=r"--output 'a\\x00b.csv': .*null.*; choose a name without it"):
        write(Path("a\0b.csv"), b"x")
    assert files_below(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["🧠 brain.csv", "a b'c\"d.csv", "<x>|y?*:.csv", "..x.csv", "\u202etxt.csv", "%2e%2e%2fx.csv", "CON.csv"]
)
def test_a_name_that_is_only_odd_is_written_as_it_was_asked(
    capsys: pytest.CaptureFixture[str], elsewhere: Path, tmp_path: Path, name: str
) -> None:
    code, out, err = run_sab(capsys, *TABLE, "-o", name, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["file"] == name
    assert [file.name for file in elsewhere.iterdir()] == [name]
    assert files_below(tmp_path) == [f"a/b/{name}"]


def test_a_name_that_begins_with_a_dash_is_taken_behind_an_equals_sign(
    capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert run_sab(capsys, *TABLE, "--output=-rf.csv")[0] == 0
    assert files_below(elsewhere) == ["-rf.csv"]


def test_a_path_that_leads_upwards_is_where_a_person_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run_sab(capsys, *TABLE, "-o", "../up.csv")[0] == 0
    assert files_below(tmp_path) == ["a/up.csv"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("/etc/passwd", "etc-passwd"),
        ("..", remote.NAMELESS),
        ("-rf", "rf"),
        ("a\0b\nc.csv", "a-b-c.csv"),
        ("C:\\x.csv", "C-x.csv"),
        ("x" * 300 + ".csv", "x" * 124 + ".csv"),
        ("sab-r1-paths-u400.csv", "sab-r1-paths-u400.csv"),
        (None, remote.NAMELESS),
        ("🧠", remote.NAMELESS),
    ],
)
def test_what_a_server_calls_its_file_leads_nowhere_else(name: str | None, expected: str) -> None:
    assert local_name(name) == expected


class _Answer(io.BytesIO):
    """What a server answers, under a name of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(b"# csv\n")
        self.headers = Message()
        self.headers["Content-Disposition"] = f'attachment; filename="{name}"'


def test_a_server_that_names_a_path_writes_into_this_folder_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "reach", lambda *_, **__: _Answer("../../../evil.csv"))
    code, out, _ = run_sab(capsys, *TABLE, "--server", "http://127.0.0.1:1")
    assert (code, out) == (0, "evil.csv (6 bytes)\n")
    assert files_below(tmp_path) == ["a/b/evil.csv"]


def _fails(error: Exception | tuple[int, bytes]) -> Any:
    def reach(*_: Any, **__: Any) -> Any:
        if isinstance(error, tuple):
            raise HTTPError("u", error[0], "Oh", Message(), io.BytesIO(error[1]))
        raise error

    return reach


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (URLError("refused"), 1, "is it running?"),
        (ConnectionResetError("reset by peer"), 1, "reset by peer; is it running?"),
        ((404, b'{"detail":"run r9 does not exist"}'), 2, "does not exist"),
        ((422, b'{"detail":"width_in = 0: 1 ... 20"}'), 2, "width_in = 0"),
        ((500, b"<html>"), 1, "500 Oh"),
    ],
)
def test_a_server_that_refuses_or_is_away_is_one_line(
    capsys: pytest.CaptureFixture[str],
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | tuple[int, bytes],
    code: int,
    says: str,
) -> None:
    monkeypatch.setattr(remote, "reach", _fails(error))
    found, out, err = run_sab(capsys, *TABLE, "--server", "http://127.0.0.1:1", "-o", "x.csv")
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert says in err
    assert files_below(elsewhere) == []


def test_a_page_says_on_the_command_line_what_it_left_out(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("export", "copy", "--panel", "view", "--updates", "0,1000-2000")
    code, out, _ = run_sab(capsys, *words, "-o", "page.html")
    assert code == 0
    held = [update for update in _stored() if update in (0, 3750) or 1000 <= update <= 2000]
    lacks = f"the {len(held)} of {len(_stored())} stored pictures that were chosen"
    assert out.endswith(f"; it has {lacks}\n")
    code, out, _ = run_sab(capsys, *words, "-o", "page.html", "--json")
    assert json.loads(out)["left_out"] == [lacks]


def _stored() -> list[int]:
    from sab_visualiser.app.page.files import page_folder
    from sab_visualiser.app.presets.bundled import Presets
    from sab_visualiser.app.presets.history import updates_of

    return updates_of(Presets(page_folder() / "static" / "presets").find("copy"))
