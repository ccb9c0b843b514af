"""A run of 400 stored pictures of 784 steps: its file stays below the size that is stated, and says what it lacks."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from sqlalchemy import create_engine, insert

from sab_visualiser.app.export.explorable.page import said_by
from sab_visualiser.app.store import database as tables
from sab_visualiser.app.wire.codec import encode
from sab_visualiser.app.wire.packing import as_array, to_bytes
from sab_visualiser.app.wire.requests import RunSpec
from tests.app.commands.running import run_sab
from tests.app.export.traces import made_up, record_of

STEPS, UPDATES, READS = 784, range(0, 40_000, 100), 5
STATED_MB = 16
"""docs/reference.md."""


def heavy(update: int) -> dict[str, Any]:
    """A trace in which every step reads five memories, with credit over each, and no number is like another."""
    noise = np.random.default_rng(update)
    reader = np.repeat(np.arange(1, STEPS), READS)
    source = np.concatenate(
        [np.sort(noise.choice(np.arange(-1, STEPS), READS, replace=False)) for _ in range(1, STEPS)]
    )
    source = np.minimum(source, reader - 1)
    weight, credit = noise.random(len(reader)).tolist(), noise.random(len(reader)).tolist()
    pairs = list(zip(reader.tolist(), source.tolist(), strict=True))
    skip = {pair: value for pair, value in zip(pairs, credit, strict=True) if pair[1] >= 0}
    edges = [
        {"kind": "skip", "reader": read, "source": written, "credit": value, "chosen": True}
        for (read, written), value in skip.items()
    ]
    edges += [
        {"kind": "local", "reader": t, "source": t - 1, "credit": value} for t, value in enumerate(credit[:STEPS]) if t
    ]
    norms = {rule: noise.random(STEPS).tolist() for rule in ("sab", "truncated", "full")}
    kept = dict(zip(pairs, weight, strict=True))
    return made_up(
        steps=STEPS,
        update=update,
        edges=edges,
        gradient_norm=norms,
        gradient_norm_cell=norms,
        attention={
            "reader": [pair[0] for pair in kept],
            "source": [pair[1] for pair in kept],
            "weight": list(kept.values()),
        },
    )


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with that run; 8 different traces take turns, since what counts is how large they are."""
    folder = tmp_path_factory.mktemp("large")
    engine = create_engine(f"sqlite+pysqlite:///{folder / 'runs.sqlite'}")
    tables.metadata.create_all(engine)
    packed = [to_bytes(record_of(heavy(number))) for number in range(8)]
    assert min(map(len, packed)) > 60_000, "as large as those of a training"
    rows = []
    for place, update in enumerate(UPDATES):
        at = {"run": "r1", "attempt": 1, "update": update}
        frame = encode({**at, "kind": "snapshot", "trace": as_array(packed[place % len(packed)])})
        rows.append({**at, "frame": zstandard.ZstdCompressor().compress(frame)})
    spec = RunSpec().model_dump(mode="json")
    with engine.begin() as connection:
        state = {"id": "r1", "name": "</script>", "created": "", "attempt": 1, "spec": spec, "update": UPDATES[-1]}
        connection.execute(insert(tables.runs), {"id": "r1", "created": "", "state": json.dumps(state)})
        connection.execute(insert(tables.snapshots), rows)
    engine.dispose()
    return folder


def exported(
    capsys: pytest.CaptureFixture[str], data_dir: Path, file: Path, *words: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the command line says of the file, and what the file says of itself."""
    command = ("export", "r1", "--panel", "view", "-o", str(file), "--data-dir", str(data_dir), "--json")
    code, out, err = run_sab(capsys, *command, *words)
    assert (code, err) == (0, "")
    return json.loads(out), said_by(file.read_bytes())


def test_the_file_stays_below_the_stated_size_and_says_what_it_left_out(
    capsys: pytest.CaptureFixture[str], data_dir: Path, tmp_path: Path
) -> None:
    told, said = exported(capsys, data_dir, tmp_path / "all.html")
    assert told["size_bytes"] == (tmp_path / "all.html").stat().st_size < STATED_MB * 1e6
    held = said["updates"]
    assert (held[0], held[-1]) == (0, UPDATES[-1])
    gaps = {after - before for before, after in pairwise(held)}
    assert max(gaps) - min(gaps) <= 100, "evenly spaced"
    words = f"{len(held)} of 400 stored pictures, evenly spaced: more would make the file too large"
    assert told["left_out"] == said["left_out"]
    assert words in said["left_out"]
    assert any("no checkpoint" in each for each in said["left_out"]), "nobody can ask the weights of this run"


def test_pictures_are_chosen_and_then_they_are_in_the_file(
    capsys: pytest.CaptureFixture[str], data_dir: Path, tmp_path: Path
) -> None:
    _, said = exported(capsys, data_dir, tmp_path / "chosen.html", "--updates", "0-900,20000")
    assert said["updates"] == [*range(0, 1000, 100), 20_000, UPDATES[-1]]
    assert "the 12 of 400 stored pictures that were chosen" in said["left_out"]


def test_the_size_that_is_stated_stands_in_the_docs() -> None:
    reference = (Path(__file__).resolve().parents[4] / "docs" / "reference.md").read_text(encoding="utf-8")
    assert re.search(rf"below {STATED_MB} MB", reference)
