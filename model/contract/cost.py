"""What a training or a question will need, counted from its sizes before anything is allocated.

Bytes are an upper bound on what a warm worker process takes beside what it had, at most `FACTOR` times what it really
takes once that is more than `SMALL_BYTES` (held to measured peaks by tests/model/test_cost.py; the figures stand in
docs/reliability.md). Seconds are a rough guess for a quiet machine. Counting costs nothing and needs no torch;
app/offline/estimate.py makes a few updates instead, to tell what a sweep will take on this very machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from sab_visualiser.model.contract.looks import LOOK_EXAMPLES
from sab_visualiser.model.contract.run import METHODS, PROBE_EXAMPLES, Method, Variant
from sab_visualiser.model.contract.tasks import TASKS, TaskLike, features_of, least_T, sequence_steps

FACTOR = 3
"""Of what is really taken, the estimate is at most so many times as much."""
SMALL_BYTES = 64 << 20
"""What any job may take beside its arrays: lists, buffers of libraries."""
FLOAT, DOUBLE = 4, 8
COPIES = 15
"""Of the weights, in checkpoints: the last finite state, one that is not tried yet and one on its way, each with two
moments, and the bytes of a file twice."""
PATH_BYTES = 400
"""Of an edge while paths are looked for."""
SPEED = {True: 5e10, False: 1.5e10}
"""Operations a second of the fused loops (True) and of torch, roughly, on two cores."""


class ModelSizes(Protocol):
    """Whatever has these fields of Model."""

    @property
    def method(self) -> Method: ...  # noqa: D102
    @property
    def variant(self) -> Variant: ...  # noqa: D102
    @property
    def hidden_size(self) -> int: ...  # noqa: D102
    @property
    def attention_size(self) -> int: ...  # noqa: D102
    @property
    def k_top(self) -> int: ...  # noqa: D102
    @property
    def k_att(self) -> int: ...  # noqa: D102


class Sizes(NamedTuple):
    """All that memory depends on; `fused`: whether the fused loops run it (float32, CPU, the paper's variant)."""

    steps: int
    batch: int
    features: int
    hidden: int
    attention: int
    k_top: int
    k_att: int
    fused: bool

    @property
    def memories(self) -> int:
        """Memories that the last step can read; 0 where none is read."""
        return 0 if self.k_top == 0 else self.steps // self.k_att + 1

    @property
    def columns(self) -> int:
        """Memories that a step chooses, and the δ memory."""
        return min(self.k_top + 1, self.memories)

    @property
    def weights(self) -> int:
        """Numbers in all weights."""
        gates = 4 * self.hidden * (self.features + self.hidden + 2)
        return gates + (self.attention + self.features) * (2 * self.hidden + 1)


class Cost(NamedTuple):
    """Bytes by what they are for, and seconds: of an update, or of the answer."""

    parts: dict[str, int]
    seconds: float

    @property
    def size_bytes(self) -> int:
        """All parts together."""
        return sum(self.parts.values())

    def words(self) -> str:
        """`1.4 GB (states 900 MB, …)`, the largest parts first."""
        largest = sorted(self.parts.items(), key=lambda part: -part[1])[:3]
        return f"{size_words(self.size_bytes)} ({', '.join(f'{name} {size_words(size)}' for name, size in largest)})"


def size_words(size_bytes: float) -> str:
    """Bytes as a person reads them, in powers of ten."""
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size_bytes >= one:
            return f"{size_bytes / one:.3g} {unit}"
    return f"{size_bytes / 1e3:.3g} kB"


def sizes_of(task: TaskLike, model: ModelSizes, batch: int, *, fused: bool = False) -> Sizes:
    """The sizes of a training, with what its method fixes.

    Args:
        task: Which task, and how long.
        model: The network, with the knobs in force.
        batch: Examples of an update.
        fused: Whether workers run the fused loops; without, more memory is counted.
    """
    return Sizes(
        steps=sequence_steps(task),
        batch=batch,
        features=features_of(task),
        hidden=model.hidden_size,
        attention=model.attention_size if model.variant == "paper" else 1,
        k_top=METHODS[model.method].fixes.get("k_top", model.k_top),
        k_att=model.k_att,
        fused=fused and model.variant == "paper",
    )


def run_cost(sizes: Sizes) -> Cost:
    """A training: its weights, an update, looks at fresh examples, pictures on the way and checkpoints."""
    pass_bytes = FLOAT * sizes.steps * sizes.batch * (_forward(sizes) + _backward(sizes))
    look_bytes = FLOAT * sizes.steps * LOOK_EXAMPLES * _looked(sizes)
    works = {"an update": pass_bytes, "a look at unseen examples": look_bytes, "a picture": _picture(sizes)}
    largest = max(works, key=lambda name: works[name])  # one after the other, in the same memory
    operations = 6 * sizes.steps * sizes.batch * (sizes.weights + sizes.memories * sizes.attention)
    return Cost(
        {
            "weights": FLOAT * 2 * sizes.weights,
            "optimiser": FLOAT * 2 * sizes.weights,
            "checkpoints": FLOAT * COPIES * sizes.weights,
            "batch": DOUBLE * 2 * sizes.steps * sizes.batch * (sizes.features + 1),
            largest: works[largest],
            "everything else": SMALL_BYTES,
        },
        operations / SPEED[sizes.fused],
    )


def probe_cost(sizes: Sizes) -> Cost:
    """A question about one example, and the network that is asked; `sizes.batch` plays no part."""
    parts = {"weights": FLOAT * 4 * sizes.weights, "a picture": _picture(sizes), "everything else": SMALL_BYTES}
    return Cost(parts, 8 * sizes.steps * (sizes.weights + sizes.memories * sizes.attention) / SPEED[False])


def check_cost(sizes: Sizes) -> Cost:
    """A self-check: the whole graph of autograd in float64, in which every step has all memories before it."""
    pairs = sizes.steps * (sizes.memories + 1) // 2
    graph = DOUBLE * pairs * (2 * sizes.hidden + 4 * sizes.attention + 12)
    states = DOUBLE * sizes.steps * 60 * sizes.hidden
    edges = DOUBLE * 2 * sizes.steps * sizes.columns * sizes.hidden
    parts = {"weights": DOUBLE * 8 * sizes.weights, "the dense graph": graph, "states": states, "edges": edges}
    operations = 40 * sizes.steps * (sizes.weights + sizes.memories * (sizes.attention + sizes.hidden))
    return Cost({**parts, "everything else": SMALL_BYTES}, operations / SPEED[False])


def lowered(task: TaskLike, sizes: Sizes, cost: Callable[[Sizes], Cost], limit: int) -> tuple[str, int] | None:
    """The first field that alone brings the cost below the limit, and the largest value that does; None: no single one.

    Args:
        task: Whose T and items make the steps.
        sizes: Of what is too large.
        cost: Counts it.
        limit: Bytes.
    """
    per_T, shortest = TASKS[task.name].length.of_T, least_T(task)
    ways: dict[str, tuple[int, int, Callable[[int], Sizes]]] = {
        "training.batch_size": (1, sizes.batch, lambda value: sizes._replace(batch=value)),
        "model.k_top": (1, min(sizes.k_top, sizes.memories), lambda value: sizes._replace(k_top=value)),
        "task.T": (shortest, task.T, lambda value: sizes._replace(steps=sizes.steps - per_T * (task.T - value))),
        "model.hidden_size": (1, sizes.hidden, lambda value: sizes._replace(hidden=value)),
        "model.attention_size": (1, sizes.attention, lambda value: sizes._replace(attention=value)),
    }
    for field, (low, high, made) in ways.items():
        if low < high and cost(made(low)).size_bytes <= limit:
            return field, _largest(low, high, made, cost, limit)
    return None


def _largest(low: int, high: int, made: Callable[[int], Sizes], cost: Callable[[Sizes], Cost], limit: int) -> int:
    """The largest value from `low`, which fits, that fits too; `high` does not."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if cost(made(middle)).size_bytes <= limit else (low, middle)
    return low


def _forward(sizes: Sizes) -> int:
    """Numbers that the forward pass leaves for one step of one example."""
    states = 7 * sizes.hidden + 4 * sizes.features + sizes.attention
    if sizes.fused:
        return states + 3 * sizes.columns + _memories(sizes)
    # Scores of all memories are made and dropped at every step, each time a little larger than the holes they left.
    return states + 6 * sizes.columns + 2 * _memories(sizes) + sizes.memories // 2


def _backward(sizes: Sizes) -> int:
    """What the backward pass adds to them."""
    states = (6 if sizes.fused else 17) * sizes.hidden + 4 * sizes.features + sizes.attention
    return states + sizes.columns + _memories(sizes) + (0 if sizes.fused else 2 * sizes.attention)


def _looked(sizes: Sizes) -> int:
    """What a forward pass takes over which nobody goes back, and the read-out of its states."""
    if not sizes.fused:
        return _forward(sizes) + 3 * sizes.hidden
    return 3 * sizes.hidden + 4 * sizes.features + _memories(sizes)


def _memories(sizes: Sizes) -> int:
    """Memories and their keys, as a share of one step."""
    return -(-sizes.memories * (sizes.hidden + sizes.attention) // sizes.steps)


def _picture(sizes: Sizes) -> int:
    """A trace of one example under three rules, with a vector for every edge, and health on the probe batch."""
    vectors = FLOAT * sizes.steps * sizes.hidden * (40 + (4 if sizes.fused else 3) * sizes.columns)
    edges = (PATH_BYTES + 60) * sizes.steps * (sizes.columns + 1)
    return vectors + edges + FLOAT * sizes.steps * PROBE_EXAMPLES * _forward(sizes)
