"""Files that are no bundles, or no longer whole, or would unpack to too much: refused in words, and nothing is kept."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sab_visualiser.app.bundle.manifest import CONFIG, EVENTS, MANIFEST, METRICS, RUN, SNAPSHOTS
from tests.app.bundle.zips import (
    CHECKPOINT,
    facts,
    forged,
    refusal,
    unzipped,
    zipped,
)
from tests.fakes.server import Live

pytestmark = pytest.mark.usefixtures("nothing_is_kept")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n", b"\0" * 70_000, b"%PDF-1.7 " * 99])
def test_what_is_no_zip_is_called_so(server: Live, content: bytes) -> None:
    words = refusal(server, content)
    assert ("an empty file" if not content else "not a zip file") in words
    assert "Download bundle" in words


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_bundle_that_is_cut_short_is_called_so(server: Live, bundle: bytes, part: float) -> None:
    words = refusal(server, bundle[: int(len(bundle) * part)])
    assert "cut short" in words
    assert "again" in words


def test_a_bundle_that_lacks_only_its_last_byte_is_refused(server: Live, bundle: bytes) -> None:
    refusal(server, bundle[:-1])


def test_a_foreign_zip_is_told_what_a_bundle_is(server: Live) -> None:
    assert "a zip file without manifest.json" in refusal(server, zipped({"hello.txt": b"hello"}))
    foreign = {MANIFEST: json.dumps({"manifest_version": 3, "name": "an extension"}).encode()}
    assert "manifest.json is of another program" in refusal(server, zipped(foreign))


def test_a_bundle_of_version_0_1_is_told_what_can_be_done(server: Live, bundle: bytes) -> None:
    new = (MANIFEST, RUN, EVENTS, SNAPSHOTS)
    words = refusal(server, zipped({name: body for name, body in unzipped(bundle).items() if name not in new}))
    assert "version 0.1" in words
    assert "POST /api/checkpoints" in words


def test_a_bundle_of_a_newer_program_says_so(server: Live, bundle: bytes) -> None:
    words = refusal(server, forged(bundle, {}, version=2, made_by="7.1.0", more={"not": "known"}))
    assert "format version 2, made by sab-visualiser 7.1.0" in words
    assert "newer version" in words


@pytest.mark.parametrize("name", [CONFIG, METRICS, RUN, EVENTS, SNAPSHOTS, CHECKPOINT, "snapshots/00000005.json"])
def test_a_file_that_was_changed_is_named(server: Live, bundle: bytes, name: str) -> None:
    files = unzipped(bundle)
    changed = bytearray(files[name])
    changed[len(changed) // 2] ^= 1
    assert f"{name} was changed" in refusal(server, zipped({**files, name: bytes(changed)}))
    assert f"{name} was changed" in refusal(server, zipped({**files, name: files[name] + b" "}))


@pytest.mark.parametrize("name", [CONFIG, METRICS, RUN, EVENTS, SNAPSHOTS, CHECKPOINT])
def test_a_file_that_is_missing_is_named(server: Live, bundle: bytes, name: str) -> None:
    files = unzipped(bundle)
    del files[name]
    assert f"{name} is missing" in refusal(server, zipped(files))


@pytest.mark.parametrize("name", [RUN, EVENTS, SNAPSHOTS])
def test_a_bundle_whose_manifest_does_not_know_what_is_needed_is_refused(
    server: Live, bundle: bytes, name: str
) -> None:
    assert f"{name} is missing" in refusal(server, forged(bundle, {name: None}))


def test_a_file_that_the_manifest_does_not_list_is_named(server: Live, bundle: bytes) -> None:
    files = {**unzipped(bundle), "snapshots/00000099.json": b"{}"}
    assert "snapshots/00000099.json does not stand in the manifest" in refusal(server, zipped(files))


@pytest.mark.parametrize(
    "name",
    [
        "../escape.json",
        "/etc/cron.d/evil",
        "C:\\Windows\\evil.dll",
        "snapshots/../../evil.json",
        "snapshots/",
        "checkpoint-6.safetensors/evil",
        "checkpoint-99999999999999999999.safetensors",
        "__MACOSX/manifest.json",
        "Manifest.json",
        "run.json ",
    ],
)
def test_a_name_that_no_bundle_has_is_refused_and_nothing_is_written_there(
    server: Live, bundle: bytes, name: str
) -> None:
    before = set(server.data_dir.parent.rglob("*evil*")) | set(server.data_dir.parent.rglob("escape*"))
    assert "only files that a bundle has" in refusal(server, forged(bundle, {name: b"evil"}))
    assert set(server.data_dir.parent.rglob("*evil*")) | set(server.data_dir.parent.rglob("escape*")) == before


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [RUN, MANIFEST, CHECKPOINT])
def test_a_name_that_stands_twice_is_refused(server: Live, bundle: bytes, tmp_path: Path, name: str) -> None:
    path = tmp_path / "twice.zip"
    path.write_bytes(bundle)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(name, b"another")
    assert f"holds {name} twice" in refusal(server, path.read_bytes())


def test_a_file_that_is_tiny_and_unpacks_to_a_gigabyte_is_refused_before_it_is_read(
    server: Live, bundle: bytes, tmp_path: Path
) -> None:
    path, files = tmp_path / "bomb.zip", unzipped(bundle)
    nothing = b"\0" * 2**20
    said = json.loads(files.pop(MANIFEST))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            if name != METRICS:
                file.writestr(name, content)
        with file.open(METRICS, "w") as bomb:
            for _ in range(100):
                bomb.write(nothing)
        said["files"][METRICS] = {"size_bytes": 100 * 2**20, "sha256": "0" * 64}
        file.writestr(MANIFEST, json.dumps(said))
    assert path.stat().st_size < 300_000
    assert "bytes unpacked out of" in refusal(server, path.read_bytes())


def test_a_size_that_is_a_lie_does_not_unpack_more_than_it_says(server: Live, bundle: bytes) -> None:
    content = bytearray(zipped({**unzipped(bundle), METRICS: b"0" * 10_000_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as file:
        packed = file.getinfo(METRICS)
    for at in _places(content, METRICS.encode()):
        # 24 (list of files) or 22 (before the file itself) bytes behind its signature stands the unpacked size.
        start = content.rfind(b"PK", 0, at)
        size = start + (24 if content[start : start + 4] == b"PK\x01\x02" else 22)
        content[size : size + 4] = struct.pack("<I", 50)
    assert packed.file_size == 10_000_000
    assert METRICS in refusal(server, bytes(content))


def _places(content: bytearray, name: bytes) -> Iterator[int]:
    at = content.find(name)
    while at >= 0:
        yield at
        at = content.find(name, at + 1)


def test_a_huge_list_of_files_is_refused_before_it_is_read(server: Live) -> None:
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 3 * 2**30, 0, 0)
    assert "a huge list of files" in refusal(server, b"PK\x03\x04" + end)


def test_more_files_than_any_bundle_has_are_refused(server: Live, bundle: bytes) -> None:
    many: dict[str, bytes | None] = {f"snapshots/{number:08d}.json": b"" for number in range(100, 4_200)}
    assert "at most 4000" in refusal(server, forged(bundle, many))


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(server: Live, bundle: bytes, how: int) -> None:
    assert "packed in another way" in refusal(server, zipped(unzipped(bundle), how=how))


def test_an_encrypted_file_is_refused(server: Live, bundle: bytes) -> None:
    content = bytearray(bundle)
    start = content.rfind(b"PK\x01\x02", 0, content.rfind(METRICS.encode()))
    content[start + 8] |= 1
    assert "encrypted" in refusal(server, bytes(content))


def test_the_size_in_the_manifest_counts_as_well_as_the_hash(server: Live, bundle: bytes) -> None:
    files = unzipped(bundle)
    said = json.loads(files[MANIFEST])
    said["files"][METRICS] = {**facts(files[METRICS]), "size_bytes": 1}
    assert f"{METRICS} was changed" in refusal(server, zipped({**files, MANIFEST: json.dumps(said).encode()}))


def test_a_body_of_another_type_or_beyond_the_limit_is_refused(server: Live, bundle: bytes) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = server.http.post("/api/bundles", content=bundle, headers={"content-type": kind})
        assert answer.status_code == 415
        assert "application/zip" in answer.json()["detail"]
    head = f"POST /api/bundles HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/zip\r\n"
    told = server.raw(f"{head}Content-Length: {65 * 2**20}\r\nConnection: close\r\n\r\n".encode())
    assert told.startswith(b"HTTP/1.1 413")
