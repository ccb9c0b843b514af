"""Training as a stream of updates: draw a batch, go forward and back, clip, step, tell what happened.

One trainer serves every method. It changes nothing but its own network and random generators: no files, no
sleeping, no pictures. Who wants to pause, probe or save does so between two updates.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import torch
from torch import Tensor
from torch.nn import utils

from sab_visualiser.model.backends import resolve_backend, why_not
from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.contract import KNOBS, PROBE_KNOBS, delays, parse_until
from sab_visualiser.model.network import Network
from sab_visualiser.model.tasks import Batch, Task, make_task
from sab_visualiser.model.training.graphs import KEPT, MOST_KEPT, Passes, RecordedPasses, recorder_for
from sab_visualiser.model.training.movement import total_norm
from sab_visualiser.model.training.rates import decayed, optimizer_of
from sab_visualiser.model.training.reading import read_on

NONFINITE_LOSSES = 25
"""Updates in a row with a non-finite loss after which a run counts as diverged."""


@dataclass(frozen=True)
class UpdateResult:
    """What one update did.

    Attributes:
        update: Its number, from 1.
        loss: Loss of the training batch (nats, or squared error) before the weights moved.
        metrics: The task's metrics on the same batch.
        gradient_norm: L2 norm of all gradients before clipping; may be inf or NaN.
        clipped: Whether the gradients were scaled down to the clip norm.
        learning_rate: Of this update, for all weights but the scorer's, whose rate is `scorer_rate` times as large.
        skipped: Whether loss or gradient norm was non-finite, so that the weights stayed as they were.
        seconds: Time the update took.
    """

    update: int
    loss: float
    metrics: dict[str, float]
    gradient_norm: float
    clipped: bool
    skipped: bool
    learning_rate: float
    seconds: float


class TrainingState(TypedDict):
    """Everything a run needs to go on bit for bit: flat tensors by name, and plain values."""

    weights: dict[str, Tensor]
    optimizer: dict[str, Tensor]
    generators: dict[str, Tensor]
    carried: dict[str, Tensor]
    parameters: dict[str, int | float | None]
    update: int
    skipped_total: int
    nonfinite_losses: int


class DivergedError(RuntimeError):
    """The loss stayed non-finite for `NONFINITE_LOSSES` updates in a row.

    Attributes:
        result: The update that filled the measure.
        update: Its number.
    """

    def __init__(self, result: UpdateResult) -> None:
        super().__init__(
            f"update {result.update}: the loss has been non-finite since update"
            f" {result.update - NONFINITE_LOSSES + 1}; go back to a checkpoint and lower learning_rate or"
            " clip_norm"
        )
        self.result = result
        self.update = result.update


def stream_seed(seed: int, stream: str) -> int:
    """Seed of one of a run's random streams: streams of one run, and of neighbouring seeds, have nothing in common.

    Args:
        seed: The run's seed, ≥ 0.
        stream: Name of the stream ("weights", "batches", "phase", "delays").

    Returns:
        An integer of 63 bits, the same on every machine.
    """
    digest = hashlib.sha256(f"{stream}:{seed}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def streams(config: RunConfig) -> tuple[str, ...]:
    """Names of the random streams that a training draws from; a checkpoint keeps the state of each."""
    return ("batches", "phase") if len(delays(config.task)) == 1 else ("batches", "phase", "delays")


def new_network(config: RunConfig, task: Task) -> Network:
    """Build a run's network with the initial weights of its seed; the global random state stays as it is."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(stream_seed(config.training.seed, "weights"))
        return Network(task.input_size, task.output_size, config.model)


class Trainer:
    """One training run: a network, Adam, and a stream of batches that depends on the seed alone.

    Args:
        config: Task, model and training; it says all, so that two trainers of one config do the same updates.
        device: Where the network lives. Weights and batches are drawn on the CPU and moved, so that a seed means the
            same everywhere; a checkpoint does not remember the device.

    Attributes:
        network: The network in training.
        task: Its task, as it is probed and evaluated: with the longest delay.
        device: Where both are.
        optimizer: Adam, with its moments.
        update: Updates made so far.
        skipped_total: Updates among them that left the weights alone.

    Raises:
        ValueError: The task does not fit its config.
    """

    def __init__(self, config: RunConfig, device: torch.device | str = "cpu") -> None:
        self.config = config
        self.device = torch.device(device)
        self.task = make_task(config.task)
        if config.training.until is not None:
            parse_until(config.training.until, config.task.name)
        self._tasks = [make_task(replace(config.task, T=delay, T_min=None)) for delay in delays(config.task)]
        self.network = new_network(config, self.task).to(self.device)
        self.update = 0
        self.skipped_total = 0
        self._nonfinite_losses = 0
        self._training = config.training
        self._weights = list(self.network.parameters())
        # Fused: one loop over all weights instead of nine operations for each of them; same numbers to the last bits.
        fused = self.device.type in ("cpu", "cuda")
        self.optimizer = optimizer_of(self.network, config.training, fused=fused)
        self._generators = {
            stream: torch.Generator().manual_seed(stream_seed(config.training.seed, stream))
            for stream in streams(config)
        }
        self._read_on = read_on(config, self.task, stream_seed(config.training.seed, "streams"))
        kept = min(max(KEPT, len(self._tasks)), MOST_KEPT)
        self._passes = RecordedPasses(self._forward_and_backward, recorder_for(self.device), self._weights, kept)

    @property
    def engine(self) -> str:
        """Device and code of the updates, in words."""
        weights, knobs = self.network.layer.weights(), self.network.knobs()
        backend = resolve_backend(self.network.layer.backend, weights, knobs)
        on_gpu = self.device.type == "cuda"
        notes = []
        if backend.name == "torch" and (reason := why_not("triton" if on_gpu else "numba", weights, knobs)) is not None:
            notes.append(reason)
        if self._passes.refused is not None:
            notes.append(f"work is not recorded: {self._passes.refused}")
        elif on_gpu:
            notes.append("recorded as CUDA graphs")
        return f"{self.device.type}, {backend.words}" + (f" ({'; '.join(notes)})" if notes else "")

    def updates(self, count: int) -> Iterator[UpdateResult]:
        """Make `count` updates and yield each one's result; stop anywhere, go on later."""
        for _ in range(count):
            yield self.step()

    def step(self) -> UpdateResult:
        """Make one update with the parameters in force.

        Raises:
            DivergedError: The loss has been non-finite for `NONFINITE_LOSSES` updates in a row.
        """
        started = time.perf_counter()
        task, batch = self._draw()
        passes = self._passes(batch, self._draw_phase(), self.network.knobs())
        for weight, gradient in zip(self._weights, passes.gradients, strict=True):
            weight.grad = gradient
        gradient_norm = total_norm([g for g in passes.gradients if g is not None], self._training.clip_norm)
        loss_value, norm_value = float(passes.loss), float(gradient_norm)
        skipped = not (math.isfinite(loss_value) and math.isfinite(norm_value))
        clipped = not skipped and 0 < self._training.clip_norm < norm_value
        if clipped:
            utils.clip_grads_with_norm_(self._weights, self._training.clip_norm, gradient_norm)
        learning_rate = self._training.learning_rate * decayed(self._training, self.update)
        if not skipped:
            for group in self.optimizer.param_groups:
                group["lr"] = learning_rate * group["share"]
            self.optimizer.step()
        if self._read_on is not None and passes.state is not None:
            self._read_on.keep(passes.state)
        metrics = task.metrics(passes.outputs_BTC, batch, loss_value)
        self.update += 1
        seconds = time.perf_counter() - started
        result = UpdateResult(self.update, loss_value, metrics, norm_value, clipped, skipped, learning_rate, seconds)
        self._count(result)
        return result

    def _forward_and_backward(self, batch: Batch, phase: int) -> Passes:
        floor = self._training.sum_floor
        out = self.network(batch.inputs, phase=phase, sum_floor=floor, state=batch.before)
        loss = self.task.loss(out.outputs_BTC, batch)  # it looks at the batch alone, so it fits every delay
        gradients = torch.autograd.grad(loss, self._weights, allow_unused=True)
        state = None if batch.before is None else out.state.detached()
        return Passes(out.outputs_BTC.detach(), loss.detach(), gradients, state)

    def parameters(self) -> dict[str, int | float | None]:
        """Return the parameters in force on the next update; `k_trunc=None` means no cut."""
        knobs = self.network.knobs()
        return {name: getattr(knobs if name in PROBE_KNOBS else self._training, name) for name in KNOBS}

    def set_parameters(self, **parameters: int | float | None) -> None:
        """Change parameters from the next update on; all of them, or none where one is refused.

        Args:
            **parameters: Any of k_top (≥ 0), k_trunc (≥ 1, None for no cut), k_att (≥ 1), learning_rate (> 0),
                clip_norm (≥ 0, 0 switches clipping off).

        Raises:
            ValueError: A name is unknown, a value out of range, or the method does not have the knob.
        """
        unknown = sorted(parameters.keys() - set(KNOBS))
        if unknown:
            raise ValueError(f"{unknown[0]}: is no parameter of a run; choose from {', '.join(KNOBS)}")
        knobs: dict[str, Any] = {name: value for name, value in parameters.items() if name in PROBE_KNOBS}
        rates: dict[str, Any] = {name: value for name, value in parameters.items() if name not in PROBE_KNOBS}
        training = replace(self._training, **rates)  # the dataclass checks its values
        self.network.set_knobs(**knobs)
        self._training = training

    def state_dict(self) -> TrainingState:
        """Return a copy of all that the next updates depend on."""
        optimizer = {
            f"{index}.{key}": value.to("cpu", copy=True)
            for index, entries in self.optimizer.state_dict()["state"].items()
            for key, value in entries.items()
        }
        return TrainingState(
            weights={name: weight.to("cpu", copy=True) for name, weight in self.network.state_dict().items()},
            optimizer=optimizer,
            generators={name: generator.get_state() for name, generator in self._generators.items()},
            carried={} if self._read_on is None else self._read_on.state_dict(self.network),
            parameters=self.parameters(),
            update=self.update,
            skipped_total=self.skipped_total,
            nonfinite_losses=self._nonfinite_losses,
        )

    def load_state_dict(self, state: TrainingState) -> None:
        """Go back, or on, to a state of a trainer with the same task and model; the next updates are the same bits."""
        self.network.load_state_dict(state["weights"])
        entries: dict[int, dict[str, Tensor]] = {}
        for name, value in state["optimizer"].items():
            index, key = name.split(".", 1)
            entries.setdefault(int(index), {})[key] = value.clone()
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": entries, "param_groups": groups})
        for name, generator in self._generators.items():
            generator.set_state(state["generators"][name])
        if self._read_on is not None:
            self._read_on.load_state_dict(state["carried"], self.network)
        in_force = self.parameters()
        self.set_parameters(**{name: v for name, v in state["parameters"].items() if v != in_force[name]})
        self.update = state["update"]
        self.skipped_total = state["skipped_total"]
        self._nonfinite_losses = state["nonfinite_losses"]

    def _draw(self) -> tuple[Task, Batch]:
        """What this update reads, and the task at its delay; a fixed delay draws nothing."""
        if self._read_on is not None:
            return self.task, self._read_on.batch(self.update, self.network)
        many, task = len(self._tasks), self.task
        if many > 1:
            task = self._tasks[int(torch.randint(many, (), generator=self._generators["delays"]))]
        return task, task.batch(self._training.batch_size, self._generators["batches"]).to(self.device)

    def _draw_phase(self) -> int:
        k_trunc = self.network.knobs().k_trunc
        if self._training.phase == "fixed" or k_trunc is None:
            return 0
        return int(torch.randint(k_trunc, (), generator=self._generators["phase"]))

    def _count(self, result: UpdateResult) -> None:
        self.skipped_total += result.skipped
        self._nonfinite_losses = 0 if math.isfinite(result.loss) else self._nonfinite_losses + 1
        if self._nonfinite_losses >= NONFINITE_LOSSES:
            raise DivergedError(result)
