"""`sab data fetch`: from a server on this machine; sums are held, a broken line goes on, nothing half stays."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sab_visualiser.app.cli import main
from sab_visualiser.app.fetch import download, sources
from sab_visualiser.app.fetch.sources import SOURCES, Source
from sab_visualiser.app.fetch.unpack import PackedError, unpacked
from sab_visualiser.model.contract.judge import judged
from tests.model.contract.test_judge import IDX


def tarred(files: dict[str, bytes], mode: str) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode=mode) as tar:  # type: ignore[call-overload]  # the mode is one of two
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return whole.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return whole.getvalue()


def debian(files: dict[str, bytes]) -> bytes:
    members = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": tarred(files, "w:xz")}
    package = b"!<arch>\n"
    for name, content in members.items():
        head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        package += head + content + b"\n" * (len(content) % 2)
    return package


IMAGES = {f"some/folder/{name}": content for name, content in IDX.items()}
DIGITS = gzip.compress("".join(f"{'7,' * 784}{at // 5}\n" for at in range(50)).encode(), mtime=0)
PLAYS = {"plays/b.md": b"Exit, pursued by a bear.\n" * 9, "plays/a.md": b"Enter Lear.\n", "plays/x.py": b"1"}
ARCHIVES = {
    "deb": debian({**IMAGES, "other/file": b"no"}),
    "tgz": tarred({**IMAGES, "some/folder/../../etc/passwd": b"no"}, "w:gz"),
    "digits": zipped({"table.csv.gz": DIGITS}),
    "text": zipped(PLAYS),
}


def source_of(what: str, url: str = "http://127.0.0.1:9/x") -> Source:
    packed = what if what in ("deb", "tgz") else "zip"
    inside = {"digits": "table.csv.gz", "text": "plays/"}.get(what, "some/folder/t")
    kept = what if what in ("digits", "text") else "files"
    sha256 = hashlib.sha256(ARCHIVES[what]).hexdigest()
    return Source("tiny", "a tiny set", url, sha256, 10, packed, inside, kept, "CC0")  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ARCHIVES)
def test_what_is_kept_of_an_archive_is_a_data_set(what: str) -> None:
    files = unpacked(source_of(what), ARCHIVES[what])
    facts = judged(files, "tiny").facts
    if what == "text":
        assert files == {"tiny.txt": PLAYS["plays/a.md"] + PLAYS["plays/b.md"]}
    elif what == "digits":
        assert (facts.training, len(files)) == (40, 4)
        assert judged(files, "tiny").parts[1].labels.tolist() == list(range(10))
    else:
        assert files == IDX


@pytest.mark.parametrize("what", ARCHIVES)
def test_an_archive_that_is_broken_or_lacks_the_files_says_so(what: str) -> None:
    with pytest.raises(PackedError, match="get it again"):
        unpacked(source_of(what), ARCHIVES[what][: len(ARCHIVES[what]) // 3])
    with pytest.raises(PackedError, match="the archive has no elsewhere/; get it again"):
        unpacked(source_of(what)._replace(inside="elsewhere/"), ARCHIVES[what])


class Shop(ThreadingHTTPServer):
    """Sells one archive; `breaks_at` ends the line after so many bytes, once."""

    content = ARCHIVES["tgz"]
    breaks_at: int | None = None
    asked: list[str | None]


class Seller(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        shop, wanted = self.server, self.headers.get("Range")
        shop.asked.append(wanted)
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(shop.content) - begin))
        self.end_headers()
        end, shop.breaks_at = shop.breaks_at, None
        self.wfile.write(shop.content[begin:end])

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with Shop(("127.0.0.1", 0), Seller) as shop:
        shop.asked = []
        thread = threading.Thread(target=shop.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{shop.server_address[1]}/tiny.tgz"
        monkeypatch.setitem(sources.SOURCES, "tiny", source_of("tgz", url))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield shop
        shop.shutdown()
        thread.join()


def fetched(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(["data", "fetch", "tiny", "--data-files", str(folder), *words])
    except SystemExit as ended:
        code = int(ended.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_data_set_is_fetched_once_and_lies_where_a_run_finds_it(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    code, out, _ = fetched(capsys, folder, "--json")
    told = json.loads(out)
    assert (code, told["fetched"], told["licence"]) == (0, True, "CC0")
    assert {path.name: path.read_bytes() for path in (folder / "tiny").iterdir()} == IDX
    assert [path.name for path in folder.iterdir()] == ["tiny"], "nothing else is left"
    assert json.loads(fetched(capsys, folder, "--json")[1])["fetched"] is False
    assert len(shop.asked) == 1
    said = fetched(capsys, folder)
    assert "it was there already; task.data=tiny" in said[1]
    assert "licence: CC0" in said[2]


def test_a_line_that_breaks_goes_on_where_it_stopped(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PART_BYTES", 25)
    shop.breaks_at = 100
    code, _, error = fetched(capsys, tmp_path)
    assert code == 2
    assert "what came stays, try again" in error
    assert not (tmp_path / "tiny").exists()
    assert fetched(capsys, tmp_path)[0] == 0
    assert shop.asked == [None, "bytes=100-"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "tiny").iterdir()} == IDX


def test_another_file_than_the_one_that_is_known_is_thrown_away(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.content = ARCHIVES["tgz"] + b"more"
    code, _, error = fetched(capsys, tmp_path)
    assert code == 2
    assert "what came has another sha256" in error
    assert not (tmp_path / "tiny").exists()
    shop.content = ARCHIVES["tgz"]
    assert fetched(capsys, tmp_path)[0] == 0
    assert shop.asked == [None, None], "it is not gone on with"


def test_an_archive_that_one_has_needs_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], shop: Shop) -> None:
    mine = tmp_path / "mine.tgz"
    mine.write_bytes(ARCHIVES["tgz"])
    assert fetched(capsys, tmp_path / "a", "--from", str(mine))[0] == 0
    mine.write_bytes(b"something else")
    code, _, error = fetched(capsys, tmp_path / "b", "--from", str(mine))
    assert code == 2
    assert "its sha256 is" in error
    assert "No such file" in fetched(capsys, tmp_path / "b", "--from", str(tmp_path / "gone"))[2]
    assert shop.asked == []


def test_what_cannot_be_fetched_says_what_can(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["data", "fetch", "cifar-10"])
    assert ended.value.code == 2
    assert f"one of {', '.join(SOURCES)}" in capsys.readouterr().err


def test_every_source_has_a_sum_and_an_address_of_its_own() -> None:
    assert all(len(source.sha256) == 64 and source.url.startswith("https://") for source in SOURCES.values())
    assert len({source.url for source in SOURCES.values()}) == len(SOURCES)
    assert all(name == source.name for name, source in SOURCES.items())
