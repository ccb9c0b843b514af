"""What a network reads, batch after batch: in training where a text is read on, and when it is measured.

Where `task.carry` is set, the state (h, c) at the end of one window begins the next, without its gradient; memories do
not go on: each window begins with none but the initial one. Nothing here moves a weight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import torch
from torch import Tensor

from sab_visualiser.model.config import RunConfig
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.tape import State
from sab_visualiser.model.tasks import Batch, Task
from sab_visualiser.model.tasks.char import CharTask

PARTS = ("h", "c")
"""Names of the two tensors of a state, in a checkpoint too."""


class ReadOn:
    """The streams that the rows of a training batch read, and the state that each has come to.

    Where a row stands follows from the update and the seed alone; the state has to be kept.

    Args:
        task: Reads a text with `carry`.
        rows: Examples of an update.
        seed: Of the places where the streams begin.
    """

    def __init__(self, task: CharTask, rows: int, seed: int) -> None:
        self._task, self._rows, self._seed = task, rows, seed
        self._state: tuple[Tensor, Tensor] | None = None

    def batch(self, update: int, network: Network) -> Batch:
        """What is read after `update` updates, with the state before it: zeros for a row that begins its text anew."""
        weight = network.layer.weight_hh
        batch, anew_B = self._task.following(self._rows, update, self._seed)
        hidden_BD, cell_BD = self._so_far(weight)
        goes_on_B1 = ~anew_B.to(weight.device).unsqueeze(1)
        zeros_BD = torch.zeros_like(hidden_BD)
        before = torch.where(goes_on_B1, hidden_BD, zeros_BD), torch.where(goes_on_B1, cell_BD, zeros_BD)
        return replace(batch.to(weight.device), before=before)

    def keep(self, state: State) -> None:
        """Take the state after an update; a row in which a number is not finite starts from zeros again."""
        finite_B1 = (state.hidden_BD.isfinite() & state.cell_BD.isfinite()).all(dim=1, keepdim=True)
        zeros_BD = torch.zeros_like(state.hidden_BD)
        self._state = torch.where(finite_B1, state.hidden_BD, zeros_BD), torch.where(finite_B1, state.cell_BD, zeros_BD)

    def state_dict(self, network: Network) -> dict[str, Tensor]:
        """A copy of the state, by name."""
        state = self._so_far(network.layer.weight_hh)
        return {name: part.detach().to("cpu", copy=True) for name, part in zip(PARTS, state, strict=True)}

    def _so_far(self, weight_hh: Tensor) -> tuple[Tensor, Tensor]:
        """The state, (B, D) each; zeros before the first update."""
        return self._state or (weight_hh.new_zeros(self._rows, weight_hh.shape[1]),) * 2

    def load_state_dict(self, parts: dict[str, Tensor], network: Network) -> None:
        """Go back, or on, to a state as `state_dict` gave it."""
        weight = network.layer.weight_hh
        hidden_BD, cell_BD = (parts[name].to(weight.device, copy=True) for name in PARTS)
        self._state = hidden_BD, cell_BD


def read_on(config: RunConfig, task: Task, seed: int) -> ReadOn | None:
    """What a training reads on from update to update; None where the state is not carried."""
    if not config.task.carry:
        return None
    assert isinstance(task, CharTask), "the contract lets no other task carry a state"
    return ReadOn(task, config.training.batch_size, seed)


class Examiner:
    """Measures a network on one batch after the other, without touching it.

    Where the state is carried, each row goes on with the state that it ended with in the batch before; later batches
    may have fewer rows, the first ones.

    Args:
        network: As it is.
        task: Whose `examined` gives the batches.
    """

    def __init__(self, network: Network, task: Task) -> None:
        self._network, self._task = network, task
        self._state: State | None = None

    def __call__(self, batch: Batch) -> dict[str, float]:
        """The task's metrics and `loss` (nats, or squared error) on a batch."""
        with torch.no_grad():
            batch = batch.to(self._network.layer.weight_hh.device)
            before = batch.before
            if self._state is not None:
                rows = len(batch.targets_BT)
                before = self._state.hidden_BD[:rows], self._state.cell_BD[:rows]
            out = self._network(batch.inputs, keep=False, state=before)
            if self._task.config.carry:
                self._state = out.state
            loss = float(self._task.loss(out.outputs_BTC, batch))
            return {**self._task.metrics(out.outputs_BTC, batch, loss), "loss": loss}


def evaluate(network: Network, task: Task, batch: Batch) -> dict[str, float]:
    """Measure a network on a batch without touching it.

    Returns:
        The task's metrics and `loss` (nats, or squared error).
    """
    return Examiner(network, task)(batch)


def examine(network: Network, task: Task, batches: Iterable[Batch]) -> dict[str, float]:
    """Measure a network on batches as `Task.examined` gives them: means over all examples, `loss` among them."""
    look, sums, seen, figures = Examiner(network, task), dict[str, float](), 0, list[dict[str, float]]()
    for batch in batches:
        size = len(batch.targets_BT)
        figures.append(look(batch))
        seen += size
        for name, value in figures[-1].items():
            sums[name] = sums.get(name, 0.0) + value * size
    return figures[0] if len(figures) == 1 else {name: value / seen for name, value in sums.items()}
