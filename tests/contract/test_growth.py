"""The test of the house: a task, a field of a run and a backend are added to a copy of the source, in few files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from sab_visualiser.model.contract import TaskName

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "app", "model", "static", "templates", "docs")
MOST_FILES = {"task": 3, "field": 2, "backend": 3}

ECHO = '''"""Echo: say the one symbol of the first step again, T steps later."""

from __future__ import annotations

import torch
from torch import Tensor

from sab_visualiser.model.tasks.base import Batch
from sab_visualiser.model.tasks.symbols import ALPHABET, MARKER, SequenceTask


class EchoTask(SequenceTask):
    """Length T + 1."""

    name = "echo"

    def batch(self, batch_size: int, generator: torch.Generator) -> Batch:
        """Draw fresh sequences."""
        symbols_BT = self._blank_BT(batch_size)
        symbols_BT[:, 0] = torch.randint(ALPHABET, (batch_size,), generator=generator)
        symbols_BT[:, -1] = MARKER
        return self._complete(symbols_BT)

    def _complete(self, symbols_BT: Tensor) -> Batch:
        return self._sequence_batch(symbols_BT, symbols_BT[:, :1], ({self.steps - 1: (0,)},) * len(symbols_BT))
'''
ECHO_FACTS = """    "echo": TaskFacts(
        title="Echo",
        description="A symbol, then blanks, then a marker: the symbol must be said again.",
        inputs="one number a step",
        kind="classes",
        about_T="steps between the two",
        length=Length(1, 0, 1),
        items=Items(1, 1, "symbol", "the symbol"),
        metrics=(ACCURACY, CE10, CE),
        chance=GUESSED,
        true_sources="step 0",
    ),
"""
WARM_UP = """    warm_up: int = whole(0, 0, 5000, help="updates with a rising rate", unit="updates", remedy="0 is off")
    phase: Phase"""

MIRROR = '''"""The row of backend "mirror": PyTorch's operations under another name."""

from sab_visualiser.model.passes.plain.backend import TorchBackend


class MirrorBackend(TorchBackend):
    """As torch."""

    name = "mirror"
    words = "a mirror of PyTorch's operations"
'''

BOTH_PASSES = """
import json, sys
import torch
from sab_visualiser.model.sab import SAB

torch.manual_seed(3)
layer = SAB(3, 6, attention_size=4, k_top=2, k_trunc=3, k_att=1, backend=sys.argv[1])
out = layer(torch.ones(2, 9, 3))
out.hidden_BTD.sum().backward()
print(json.dumps({"wrote": out.tape.backend, "gradient": layer.weight_hh.grad.tolist()}))
"""

ASK = """
import json, sys
from sab_visualiser.app.commands.train import fields as cli_help
from sab_visualiser.app.main import create_app
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.presets.bundled import Presets
from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.web.pages import make_router
from sab_visualiser.app.wire.generate import files
from fastapi import FastAPI
from starlette.testclient import TestClient

app = FastAPI()
app.include_router(make_router(Presets(page_folder() / "static" / "presets"))[0])
told = {"form": TestClient(app).get("/").text, "help": cli_help()}
told["api"] = json.dumps(create_app(Settings(data_dir=sys.argv[1])).openapi())
told |= {path.name: text for path, text in files().items() if path.name not in ("look.js", "claims.js")}
print(json.dumps(told))
"""


class House:
    """A copy of the source that is built upon."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touched: set[str] = set()
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))

    def change(self, place: str, old: str, new: str) -> None:
        """Change one file of the copy; the old text must be there."""
        path = self.folder / place
        text = path.read_text("utf-8")
        assert old in text, f"{place} no longer holds {old!r}: this test must look for what stands there now"
        path.write_text(text.replace(old, new, 1), "utf-8")
        self.touched.add(place)

    def append(self, place: str, listed: str, new: str) -> None:
        """Put one more into a list or table of the copy, whatever stands there last.

        Args:
            place: The file.
            listed: What opens the list, up to its bracket.
            new: What is put before the bracket that closes it.
        """
        path = self.folder / place
        text = path.read_text("utf-8")
        assert listed in text, f"{place} no longer holds {listed!r}: this test must look for what stands there now"
        at = closing = text.index(listed) + len(listed)
        depth = 1
        while depth:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(text[closing], 0)
            closing += 1
        path.write_text(f"{text[: closing - 1]}{new}{text[closing - 1 :]}", "utf-8")
        assert at < closing
        self.touched.add(place)

    def add(self, place: str, text: str) -> None:
        """Add a file to the copy."""
        (self.folder / place).write_text(text, "utf-8")
        self.touched.add(place)

    def run(self, *words: str) -> Any:
        """What Python says in the copy, as JSON."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src"), "SAB_BACKEND": "torch"}
        command = [sys.executable, "-P", *words]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def told(self) -> dict[str, str]:
        """What form, help, API, docs and page say."""
        found: dict[str, str] = self.run("-c", ASK, str(self.folder / "data"))
        return found


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_no_test_lists_the_tasks_by_hand() -> None:
    """Such a list fails, or leaves the new one out, when a task is added; get_args(TaskName) does neither."""
    names = "|".join(get_args(TaskName))
    by_hand = re.compile(rf"""["']?({names})["']?, ["']?({names})["']?, ["']?({names})\b""")
    found = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py") if by_hand.search(path.read_text())]
    assert not found


def test_a_task_is_a_file_of_its_own_a_row_of_the_contract_and_a_name_in_the_list(house: House) -> None:
    house.add("model/tasks/echo.py", ECHO)
    house.append("model/contract/tasks.py", "TaskName = Literal[", ', "echo"')
    house.append("model/contract/tasks.py", "TASKS: dict[TaskName, TaskFacts] = {", ECHO_FACTS)
    house.append("model/tasks/__init__.py", "Callable[[TaskConfig], Task]] = {", '    "echo": EchoTask,\n')
    house.change(
        "model/tasks/__init__.py", "\n__all__", "from sab_visualiser.model.tasks.echo import EchoTask\n\n__all__"
    )
    assert len(house.touched) <= MOST_FILES["task"]
    for where, said in house.told().items():
        assert "echo" in said, where
    words = ("train", "--task", "echo", "--set", "task.T=4", "--set", "model.hidden_size=8", "--updates", "3", "--json")
    trained = house.run("-m", "sab_visualiser.app.cli", *words)
    assert trained["updates"] == 3
    assert trained["metrics"]["accuracy"] is not None


def test_a_field_of_a_run_is_a_line_of_the_contract_and_the_one_place_that_reads_it(house: House) -> None:
    house.change("model/contract/run.py", "    phase: Phase", WARM_UP)
    house.change(
        "model/training/trainer.py",
        "        started = time.perf_counter()\n",
        "        started = time.perf_counter()\n        assert self.config.training.warm_up == 7\n",
    )
    assert len(house.touched) <= MOST_FILES["field"]
    told = house.told()
    for where, said in told.items():
        assert "warm_up" in said or (where == "help" and "training.warm_up" in said), where
    assert "0 … 5000" in told["reference.md"]
    assert '"maximum": 5000' in told["api"]
    words = ("train", "--set", "task.T=4", "--set", "model.hidden_size=8", "--set", "training.warm_up=7")
    assert house.run("-m", "sab_visualiser.app.cli", *words, "--updates", "2", "--json")["updates"] == 2


def test_a_backend_is_a_room_and_a_row_of_the_registry(house: House) -> None:
    (house.folder / "model/passes/mirror").mkdir()
    house.add("model/passes/mirror/__init__.py", '"""A mirror of the plain passes."""\n')
    house.add("model/passes/mirror/backend.py", MIRROR)
    house.change("model/backends.py", "    TorchBackend(),\n", "    TorchBackend(),\n    MirrorBackend(),\n")
    house.change(
        "model/backends.py",
        "from sab_visualiser.model.passes.plain.backend",
        "from sab_visualiser.model.passes.mirror.backend import MirrorBackend\n"
        "from sab_visualiser.model.passes.plain.backend",
    )
    assert len(house.touched) <= MOST_FILES["backend"]
    mirrored, plain = (house.run("-c", BOTH_PASSES, name) for name in ("mirror", "torch"))
    assert mirrored["wrote"] == "mirror"
    assert mirrored["gradient"] == plain["gradient"]
