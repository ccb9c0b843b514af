"""`sab train`: a run without a server, from words on the command line to one line of JSON.

It builds the same RunSpec that the page sends and leaves the judging to the same validator. Training itself is
app/offline/train.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sab_visualiser.app.commands.shared.common import CommandError, assignment, json_or_text, make_settings, print_json
from sab_visualiser.app.commands.shared.data import with_data
from sab_visualiser.app.runs.fits import check_run
from sab_visualiser.app.runs.shapes import Spec
from sab_visualiser.app.wire.errors import field_error, validate
from sab_visualiser.app.wire.requests import RunSpec
from sab_visualiser.app.workers.memory import own_room
from sab_visualiser.model.contract import PARTS, TASKS, Field, Task
from sab_visualiser.model.contract import fields as contract_fields

if TYPE_CHECKING:
    from sab_visualiser.app.offline.elsewhere.tensorboard import Events
    from sab_visualiser.app.presets.bundled import Presets

SECTIONS = tuple(PARTS)
MOST_BOUND = 1e300
DEFAULT = {field.path: field.default_words for field in contract_fields()}


def fields() -> str:
    """Every field of a run with its range, default and unit, for `--help`."""
    return "; ".join(map(_words_of, contract_fields()))


def _words_of(field: Field) -> str:
    unit = f" {field.unit_words}" if field.unit_words else ""
    return f"{field.path} ({field.range}{unit}; default {field.default_words})"


def train(
    preset: Annotated[
        str | None, typer.Option(help="Begin with the fields of a preset; GET /api/presets lists them.")
    ] = None,
    task: Annotated[
        str | None, typer.Option(help=f"Task: {', '.join(TASKS)}.", show_default=f"the preset's, or {Task.name}")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help=f"Any field of the run, repeated; task.data may be the path of a file or folder. {fields()}",
        ),
    ] = None,
    updates: Annotated[
        int | None, typer.Option(help="Updates at most.", show_default=DEFAULT["training.updates"])
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of weights and data.", show_default=DEFAULT["training.seed"])
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="METRIC=VALUE",
            help="Stop early once the metric is that good on two looks at unseen examples, e.g. accuracy=0.99 or"
            " mse=0.01; the same as --set training.until='accuracy ≥ 0.99'.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder for the checkpoint; made if missing. Without it none is written."),
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Checkpoint of the same run to go on from.")] = None,
    tensorboard: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write event files of TensorBoard into a new folder below this one."),
    ] = None,
    device: Annotated[
        str, typer.Option(help="Where to train: auto, cpu, cuda or mps; a seed means the same batches everywhere.")
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Last line: the result as JSON.")] = False,
) -> None:
    """Train a network here and now; a progress bar on a terminal, the result at the end."""
    spec = build_spec(task, settings or [], updates=updates, seed=seed, until=until, preset=preset)
    if resume is not None and not resume.is_file():
        raise field_error("--resume", str(resume), "a checkpoint file", "a run writes one into --output")
    if device not in ("cuda", "mps"):
        check_here(spec)
    with _events(tensorboard, spec) as events:
        result = _run(spec, output, resume, device, events)
    if as_json:
        print_json(result)
    else:
        typer.echo(_words(result))


def check_here(*specs: RunSpec) -> None:
    """Refuse trainings that need more memory than one may take here (SAB_MEMORY_MB).

    Raises:
        UserError: With the estimate, and which field to lower to what.
    """
    room = own_room(make_settings("train"))
    for spec in specs:
        check_run(cast(Spec, spec.model_dump(mode="json")), room)


def build_spec(
    task: str | None,
    settings: list[str],
    *,
    updates: int | None = None,
    seed: int | None = None,
    until: str | None = None,
    preset: str | None = None,
) -> RunSpec:
    """The run that the words ask for: a preset, `--set` on top of it, the options over both; a later word wins.

    Raises:
        UserError: Naming the field, the value, the range and the remedy.
    """
    values: dict[str, Any] = {} if preset is None else {"preset": preset}
    if task is not None:
        _put(values, "task.name", task)
    for words in settings:
        path, text = assignment("--set", words)
        _put(values, path, json_or_text(text))
    for name, value in (("updates", updates), ("seed", seed)):
        if value is not None:
            _put(values, f"training.{name}", value)
    if preset is not None:
        values = presets().fill(values)
    values = with_data(values)
    if until is not None:
        _put(values, "training.until", until_words(until, values.get("task", {}).get("name", Task.name)))
    return validate(RunSpec, values)


def presets() -> Presets:
    """The bundled presets."""
    from sab_visualiser.app.page.files import page_folder  # loads the web framework: not for every `sab --help`
    from sab_visualiser.app.presets.bundled import Presets

    return Presets(page_folder() / "static" / "presets")


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set `a.b` in nested tables; the validator judges names, so unknown ones are put as they are."""
    *parents, last = path.split(".")
    for name in parents:
        inner = values.setdefault(name, {})
        if not isinstance(inner, dict):
            raise field_error(path, value, "a field of " + ", ".join(SECTIONS), f"{name} is not a table")
        values = inner
    values[last] = value


def until_words(words: str, task: str) -> str:
    """`accuracy=0.99` as a bound of a run: `accuracy ≥ 0.99`, or `mse ≤ 0.01` where less is better.

    Raises:
        UserError: When the bound is not a finite number.
    """
    name, text = assignment("--until", words)
    bound = json_or_text(text)
    if isinstance(bound, bool) or not isinstance(bound, int | float) or not 0 <= bound <= MOST_BOUND:
        raise field_error(f"--until {name}", text, "a finite number from 0", "write for example accuracy=0.99")
    metrics = TASKS[task].metrics if task in TASKS else ()
    rising = name in {metric.name for metric in metrics if metric.better == "higher"}
    return f"{name} {'≥' if rising else '≤'} {bound:g}"


@contextmanager
def _events(folder: Path | None, spec: RunSpec) -> Iterator[Events | None]:
    """The event file of the training, where one is wanted."""
    if folder is None:
        yield None
        return
    from sab_visualiser.app.offline.elsewhere.tensorboard import Events

    try:
        events = Events(folder, cast(Spec, spec.model_dump(mode="json")))
    except OSError as error:
        raise CommandError(f"--tensorboard {folder}: {error.strerror}; choose a folder that can be written") from None
    with events:
        yield events


def _run(spec: RunSpec, output: Path | None, resume: Path | None, device: str, events: Events | None) -> dict[str, Any]:
    from sab_visualiser.app.offline.train import train as train_headless
    from sab_visualiser.app.worker.translate import run_config
    from sab_visualiser.model.training.checkpoint import CheckpointError
    from sab_visualiser.model.training.trainer import DivergedError

    try:
        rate = None if spec.preset is None else presets().rate_of(spec)
        told = None if events is None else events.listeners()
        config = run_config(spec)
        result = train_headless(config, output=output, resume=resume, listeners=told, device=device, rate=rate)
        if events is not None:
            events.end(result["verdict"], result["updates"])
        return result
    except DivergedError as error:
        if events is not None:
            events.note(error.result)
            events.say(f"diverged: {error}", error.result.update)
        raise CommandError(f"diverged: {error}; a smaller training.learning_rate or clip_norm may help") from None
    except (ValueError, CheckpointError) as error:
        raise CommandError(str(error), 2) from None
    except RuntimeError as error:
        if (words := of_the_gpu(error)) is None:
            raise
        raise CommandError(words) from None
    except OSError as error:
        raise CommandError(
            f"--output: {error.strerror}: {error.filename}; choose a folder that can be written"
        ) from None


def of_the_gpu(error: RuntimeError) -> str | None:
    """What a GPU that failed or is full means for a training that somebody waits for; None for any other error."""
    from sab_visualiser.model import card

    if card.out_of_memory(error):
        return "out of memory of the GPU; lower training.batch_size, task.T or model.hidden_size, or use --device cpu"
    if card.is_lost(error):
        remedy = "--resume goes on from the checkpoint in --output, with --device cpu on the processor"
        return f"the GPU failed: {card.in_one_line(error)}; {remedy}"
    return None


def _words(result: dict[str, Any]) -> str:
    figures = ", ".join(f"{name} {value:.6g}" for name, value in result["metrics"].items() if value is not None)
    kept = f"; checkpoint {result['checkpoint']}" if result["checkpoint"] else ""
    ended = f"; {result['ended']}" if result["ended"] else ""
    judged = f"; {result['verdict']['label']}" if result["verdict"] else ""
    spent = f"{result['updates']} updates in {result['seconds']:.1f} s on {result['engine']}"
    return f"{spent}: {figures}{judged}{ended}{kept}"
