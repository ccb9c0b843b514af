"""Bundles whose record, manifest or checkpoints are not those of a run here: refused in words, and nothing is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sab_visualiser.app.bundle.manifest import MANIFEST, RUN
from sab_visualiser.app.bundle.read import read_bundle
from sab_visualiser.app.runs.kin.branch import Birth
from sab_visualiser.app.wire.errors import UserError
from tests.app.bundle.zips import (
    CHECKPOINT,
    bring,
    forged,
    refusal,
    unzipped,
    with_record,
    zipped,
)
from tests.fakes.server import Live

pytestmark = pytest.mark.usefixtures("nothing_is_kept")


BORN = Birth("r0123", "2026-01-01T00:00:00.000+00:00")


@pytest.mark.parametrize("said", [b"", b"[]", b"{", b"null", b'{"format": 1}', b"\xff\xfe"])
def test_a_manifest_that_is_none_is_refused(server: Live, bundle: bytes, said: bytes) -> None:
    assert MANIFEST in refusal(server, zipped({**unzipped(bundle), MANIFEST: said}))


@pytest.mark.parametrize("changes", [{"run": "../x"}, {"run": None}, {"attempt": 0}, {"made_by": "x" * 99}])
def test_a_manifest_with_strange_values_is_refused(server: Live, bundle: bytes, changes: dict[str, Any]) -> None:
    assert f"{next(iter(changes))} = " in refusal(server, forged(bundle, {}, **changes))


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"spec__task__T": -5}, "task.T"),
        ({"spec__model__k_top": "many"}, "model.k_top"),
        ({"spec__model__magic": 1}, "unknown key"),
        ({"spec__name": "a\nb"}, "name"),
        ({"status": "splendid"}, "status"),
        ({"update": -1}, "update"),
        ({"update": 10**12}, "update"),
        ({"parameters": {"k_top": 5}}, "missing"),
        ({"parameters__k_att": 0}, "k_att"),
        ({"parameters__learning_rate": 1e40}, "learning_rate"),
        ({"metrics": {"<script>": 1.0}}, "metrics"),
        ({"progress": {"update": 3}}, "progress"),
        ({"progress": {"a": 1}}, "progress"),
        ({"health": {"dead": 1.0}}, "health"),
        ({"rate": {"reached": -1, "of": 10, "median": 1, "slowest": 1}}, "reached"),
        ({"parent": {"run": "r1"}}, "update"),
        ({"note": "n" * 2001}, "note"),
        ({"tags": ["<b>"]}, "tags"),
        ({"more": 1}, "more"),
    ],
)
def test_a_record_that_no_run_here_has_is_refused_naming_the_field(
    server: Live, bundle: bytes, fields: dict[str, Any], word: str
) -> None:
    words = refusal(server, with_record(bundle, **fields))
    assert words.startswith('bundle = "run.json"')
    assert word in words


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("field", ["metrics", "health"])
def test_numbers_that_are_not_finite_are_refused(server: Live, bundle: bytes, number: str, field: str) -> None:
    raw = unzipped(bundle)[RUN].decode()
    record = json.loads(raw)
    names = ["dead", "saturated", "near_tied", "largest_state", "norm_median", "norm_p99"]
    names += ["moved_recurrent", "moved_scorer", "moved_readout"]
    record[field] = dict.fromkeys(names if field == "health" else ["loss"], 123.25)
    refusal(server, forged(bundle, {RUN: json.dumps(record).replace("123.25", number).encode()}))


def test_a_checkpoint_of_another_run_is_refused_naming_the_field(server: Live, bundle: bytes) -> None:
    update, whose, spec = unzipped(bundle)[CHECKPOINT].decode().split("\n")
    other = json.loads(spec)
    other["model"]["hidden_size"] = 64
    content = "\n".join([update, whose, json.dumps(other)]).encode()
    words = refusal(server, forged(bundle, {CHECKPOINT: content}))
    assert "model.hidden_size is 64 in it, and 128 in the run" in words


def test_a_checkpoint_of_another_update_is_refused(server: Live, bundle: bytes) -> None:
    _, whose, spec = unzipped(bundle)[CHECKPOINT].decode().split("\n")
    content = "\n".join(["5", whose, spec]).encode()
    assert "not of 5" in refusal(server, forged(bundle, {CHECKPOINT: content}))


def test_a_checkpoint_that_is_none_is_refused_by_a_worker(server: Live, bundle: bytes) -> None:
    answer = bring(server, forged(bundle, {CHECKPOINT: b"\x80\x04pickle"}))
    assert answer.status_code == 422
    assert answer.json()["title"] == "Checkpoint not accepted"


def test_a_run_without_the_checkpoint_that_it_says_it_has_is_refused(server: Live, bundle: bytes) -> None:
    assert "the newest one, of update 6" in refusal(server, forged(bundle, {CHECKPOINT: None}))
    early = unzipped(bundle)[CHECKPOINT]
    assert "of update 9" in refusal(server, forged(bundle, {"checkpoint-9.safetensors": early}))


@given(st.data())
@settings(max_examples=150)
def test_flipped_bytes_are_refused_or_change_nothing(bundle: bytes, tmp_path_factory: Any, data: st.DataObject) -> None:
    content = bytearray(bundle)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("flipped") / "bundle.zip"
    path.write_bytes(content)
    try:
        found = read_bundle(path, BORN)
    except UserError as error:
        fields = [problem.field for problem in error.problem.errors]
    else:
        path.write_bytes(bundle)
        fields = ["bundle"] if found == read_bundle(path, BORN) else []
    assert fields == ["bundle"]
