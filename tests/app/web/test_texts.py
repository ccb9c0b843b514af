"""Texts that people send: kept by what they say, listed, named by runs; what cannot be learned is refused."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator

import pytest

from sab_visualiser.model.contract.data import BUNDLED, full_name, text_facts
from tests.fakes.server import Live, in_process

POEM = "the woods are lovely, dark and deep\n" * 40


def sent(
    live: Live, content: bytes, name: str = "woods.txt", kind: str = "text/plain"
) -> tuple[int, dict[str, object]]:
    answer = live.http.post("/api/texts", params={"name": name}, content=content, headers={"content-type": kind})
    return answer.status_code, answer.json()


@pytest.mark.parametrize("packed", [False, True])
def test_a_text_is_kept_by_what_it_says_and_told_with_what_guessing_costs(server: Live, packed: bool) -> None:
    content = POEM.encode()
    status, told = sent(server, gzip.compress(content, mtime=0) if packed else content)
    facts = text_facts(POEM, "woods.txt")
    assert status == 201
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["data"], told["characters"], told["symbols"]) == (facts.name, len(POEM), facts.symbols)
    assert told["bpc"] == facts.entropy_bits
    texts = server.app.state.store.texts
    assert texts.blob_of({"task": {"data": facts.name}}).path.read_text() == POEM
    names = [row["data"] for row in server.http.get("/api/data").json()]
    assert names[: len(BUNDLED)] == list(BUNDLED)
    assert facts.name in names


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "there is nothing to read"),
        (b"aaaa", "1 different characters"),
        (b"caf\xe9", "is no text in UTF-8"),
        (b"\0\0\x08\x01\0\0\0\x01\0", "images are read by"),
        (gzip.compress(b"ab" * 99, mtime=0)[:-9], "its gzip is cut off"),
        (gzip.compress(b"ab" * (2**25 + 1), mtime=0), "unpacks to more than 67,108,864 bytes"),
        (gzip.compress(b"\0\0\x08\x03" + bytes(2**26), mtime=0), "unpacks to more than 67,108,864 bytes"),
    ],
)
def test_what_cannot_be_learned_is_refused_and_leaves_nothing(server: Live, content: bytes, why: str) -> None:
    folder = server.app.state.store.folder / "texts"
    before = sorted(folder.iterdir())
    status, told = sent(server, content)
    assert (status, sorted(folder.iterdir())) == (422, before)
    assert why in str(told["detail"])


def test_a_body_of_another_type_or_too_large_is_refused(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent(server, POEM.encode(), kind="application/json")[0] == 415
    monkeypatch.setattr("sab_visualiser.app.web.offered.texts.MOST_TEXT_BYTES", 10)
    assert sent(server, POEM.encode())[0] == 413
    monkeypatch.setattr("sab_visualiser.app.store.texts.MOST_TEXTS", 0)
    monkeypatch.setattr("sab_visualiser.app.web.offered.texts.MOST_TEXT_BYTES", 1000)
    status, told = sent(server, b"a text that nobody has sent yet")
    assert (status, told["title"]) == (507, "Too many texts")


def test_a_run_names_a_text_that_is_here_and_no_other(server: Live) -> None:
    _, told = sent(server, POEM.encode())
    task = {"name": "char", "T": 20, "data": told["data"]}
    answer = server.http.post("/api/runs", json={"task": task, "training": {"updates": 1}})
    assert answer.status_code == 201
    assert answer.json()["chance"]["bpc"] == told["bpc"]
    absent = {**task, "data": full_name("gone", "0" * 64)}
    refused = server.http.post("/api/runs", json={"task": absent})
    assert refused.status_code == 422
    (problem,) = refused.json()["errors"]
    assert (problem["field"], problem["value"]) == ("task.data", "gone@00000000")
    assert "POST /api/texts" in problem["remedy"]
    too_long = server.http.post("/api/runs", json={"task": {**task, "T": 999}})
    assert "give sequences of 1 … 143 steps" in too_long.json()["detail"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with in_process(tmp_path_factory.mktemp("real"), "--real") as live:
        yield live


@pytest.mark.server
def test_a_real_worker_trains_on_a_text_that_was_sent_and_is_asked_about_another(real: Live) -> None:
    _, told = sent(real, POEM.encode())
    task = {"name": "char", "T": 20, "data": told["data"]}
    sizes = {"hidden_size": 8, "attention_size": 4}
    run = real.start(task=task, model=sizes, training={"updates": 3, "batch_size": 2})
    ended = real.reach(run, "finished", seconds=90)  # a worker whose loops are compiled for the first time
    assert ended["metrics"]["bpc"] > 0
    trace = real.http.post("/api/probe", json={"run": run, "inputs": "dark woods"}).json()
    assert trace["steps"] == 10
    assert (trace["targets"][-1], trace["loss_step"], trace["hit_rate"]) == (None, 8, None)
    assert trace["task"]["data"] == told["data"]
    unseen = real.http.post("/api/probe", json={"run": run, "inputs": "Dark"})
    assert unseen.status_code == 422
    assert "the network never saw this character" in unseen.json()["detail"]
    assert real.http.post("/api/hits", json={"run": run}).json()["readers"] == 0
