"""A run of `char` on a text that was sent: its bundle carries the text, and it is as any other run where it arrives."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sab_visualiser.app.bundle.make import GONE, TOO_LARGE
from sab_visualiser.app.bundle.manifest import MANIFEST, TEXT
from sab_visualiser.app.bundle.unzip import MOST_OF
from sab_visualiser.model.contract import data
from sab_visualiser.model.contract.data import short_name, text_facts
from tests.app.bundle.zips import bring, brought, bundle_of, forged, refusal, unzipped, with_record
from tests.fakes.server import Live, in_thread

POEM = "whose woods these are I think I know\n" * 40
FACTS = text_facts(POEM, "frost.txt")


def made_of(live: Live, text: str = POEM) -> str:
    """A finished run of that server on a text that was sent to it."""
    answer = live.http.post(
        "/api/texts", params={"name": "frost.txt"}, content=text.encode(), headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 201, answer.text
    run = live.start(task={"name": "char", "T": 20, "data": answer.json()["data"]}, training={"updates": 6})
    live.reach(run, "finished")
    return run


@pytest.fixture
def sent(server: Live) -> tuple[dict[str, Any], bytes]:
    """A run on a text, as its server shows it, and its bundle."""
    run = made_of(server)
    return server.run(run), bundle_of(server, run)


@pytest.fixture
def there(sent: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """Another server, which has not seen the text; it is one process with the first, which forgets it too."""
    monkeypatch.setattr(data, "_ADDED", {})
    with in_thread(tmp_path / "there") as live:
        yield live


def texts_of(live: Live) -> list[str]:
    return sorted(path.name for path in live.app.state.store.texts._blobs.folder.iterdir())


def left_out(bundle: bytes) -> dict[str, str]:
    return {each["file"]: each["reason"] for each in json.loads(unzipped(bundle)[MANIFEST])["left_out"]}


def test_the_text_comes_along_and_with_it_chance_bar_and_all_that_a_run_can_do(
    sent: tuple[dict[str, Any], bytes], there: Live
) -> None:
    view, bundle = sent
    assert unzipped(bundle)[TEXT] == POEM.encode()
    copy = brought(there, bundle)
    assert copy["missing"] is None
    assert copy["chance"] == view["chance"]
    assert copy["chance"]["bpc"] == FACTS.entropy_bits
    assert copy["verdict"] == view["verdict"]
    assert texts_of(there) == [f"{FACTS.sha256}.json", f"{FACTS.sha256}.txt"]
    (row,) = (row for row in there.http.get("/api/data").json() if row["data"] == FACTS.name)
    assert (row["origin"], row["characters"], row["training"]) == ("sent", len(POEM), FACTS.training)
    assert there.http.post("/api/probe", json={"run": copy["id"]}).status_code == 200
    assert there.command(copy["id"], "reset").status_code == 202
    there.reach(copy["id"], "finished")
    assert unzipped(bundle_of(there, copy["id"]))[TEXT] == POEM.encode()


def test_a_text_that_is_here_keeps_its_name_and_is_not_stored_twice(
    server: Live, sent: tuple[dict[str, Any], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts_of(server)
    monkeypatch.setattr("sab_visualiser.app.store.texts.MOST_TEXTS", 0)
    assert brought(server, sent[1])["missing"] is None
    assert texts_of(server) == before
    assert data.known(FACTS.name).title == "frost.txt"  # type: ignore[union-attr]


def test_a_bundle_without_the_text_is_a_run_that_says_so_until_the_text_is_sent(
    sent: tuple[dict[str, Any], bytes], there: Live
) -> None:
    copy = brought(there, forged(sent[1], {TEXT: None}))
    said = f"its text, {short_name(FACTS.name)}, is not here: send it to POST /api/texts before the run goes on"
    assert copy["missing"].startswith(said)
    assert copy["chance"] == {}
    assert copy["metrics"] == sent[0]["metrics"]
    for order in ("reset", "reseed"):
        refused = there.command(copy["id"], order)
        assert refused.status_code == 422, order
        assert refused.json()["detail"].startswith(f"task.data = {json.dumps(short_name(FACTS.name))}")
    assert there.run(copy["id"])["status"] == copy["status"]
    with there.viewer() as viewer:
        viewer.until(lambda frame: frame["kind"] == "runs")
        content = POEM.encode()
        there.http.post("/api/texts", params={"name": "x"}, content=content, headers={"content-type": "text/plain"})
        row = viewer.until(lambda frame: frame["kind"] == "row")
        assert (row["run"], row["view"]["missing"]) == (copy["id"], None)
    assert there.run(copy["id"])["chance"]["bpc"] == FACTS.entropy_bits
    assert there.command(copy["id"], "reset").status_code == 202


def test_where_there_are_too_many_texts_the_run_comes_without_its_own_and_says_so(
    sent: tuple[dict[str, Any], bytes], there: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sab_visualiser.app.store.texts.MOST_TEXTS", 0)
    copy = brought(there, sent[1])
    assert "is not here" in copy["missing"]
    assert texts_of(there) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (POEM.upper().encode(), f"text.txt, frost-txt@{text_facts(POEM.upper(), 'x').sha256[:8]}"),
        (POEM.encode()[:-1], f"the text that the run reads, of sha256 {FACTS.sha256}"),
        (b"caf\xe9", "is no text in UTF-8"),
        (b"", "there is nothing to read"),
        (b"\0\0\x08\x01\0\0\0\x01\0", "images are read by"),
        (gzip.compress(b"ab" * (2**25 + 1), mtime=0), "unpacks to more than 67,108,864 bytes"),
    ],
)
def test_another_text_than_that_of_the_run_is_refused_and_nothing_is_kept(
    sent: tuple[dict[str, Any], bytes], there: Live, content: bytes, why: str
) -> None:
    detail = refusal(there, forged(sent[1], {TEXT: content}))
    assert "text.txt" in detail
    assert why in detail
    assert there.http.get("/api/runs").json() == []
    assert texts_of(there) == []
    assert data.known(FACTS.name) is None


def test_a_text_beside_a_run_that_reads_none_is_refused(server: Live, bundle: bytes) -> None:
    assert "reads no text of its own" in refusal(server, forged(bundle, {TEXT: POEM.encode()}))


def test_a_text_that_is_too_short_for_the_steps_of_its_run_is_refused(
    sent: tuple[dict[str, Any], bytes], there: Live
) -> None:
    short = text_facts(POEM[:100], "frost.txt")
    bundle = with_record(forged(sent[1], {TEXT: POEM[:100].encode()}), spec__task__data=short.name)
    assert "give sequences of 1 … 9 steps" in refusal(there, bundle)


def test_a_text_that_unpacks_to_more_than_a_text_may_have_is_refused(
    sent: tuple[dict[str, Any], bytes], there: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_OF, TEXT, len(POEM) - 1)
    assert f"at most {len(POEM) - 1}" in refusal(there, sent[1])


def test_a_run_whose_bundle_cannot_be_accepted_leaves_no_text(sent: tuple[dict[str, Any], bytes], there: Live) -> None:
    assert bring(there, forged(sent[1], {"checkpoint-6.safetensors": b"\x80\x04pickle"})).status_code == 422
    assert texts_of(there) == []
    assert data.known(FACTS.name) is None


def test_a_text_that_is_too_large_or_gone_stays_behind_and_the_manifest_says_so(
    server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made_of(server)
    with monkeypatch.context() as changed:
        changed.setattr("sab_visualiser.app.bundle.make.MOST_TEXT_BYTES", 100)
        assert left_out(bundle_of(server, run)) == {TEXT: f"{len(POEM)} bytes, and a bundle carries texts of up to 100"}
    with monkeypatch.context() as changed:
        changed.setattr("sab_visualiser.app.bundle.make._Bundle._has_room", lambda *_: False)
        assert left_out(bundle_of(server, run))[TEXT] == TOO_LARGE
    with monkeypatch.context() as changed:
        changed.setattr("sab_visualiser.app.bundle.make.content_of", _gone)
        assert left_out(bundle_of(server, run))[TEXT] == GONE


def _gone(path: Path) -> bytes:
    raise FileNotFoundError(path)
