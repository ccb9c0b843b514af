"""One probe of one example, kept as one frozen record: what it attended to, and where its loss sent gradient.

One forward pass, one backward pass for each rule. Nothing of the network changes: weights, their .grad, the random
state and the knobs stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sab_visualiser.model.backends import observe
from sab_visualiser.model.config import RULES, Rule, require_choice, require_int
from sab_visualiser.model.contract import Cuts
from sab_visualiser.model.network import Network
from sab_visualiser.model.passes.tape import Tape
from sab_visualiser.model.probe.credit import CreditObserver, Edges, Floats, Ints, reach
from sab_visualiser.model.probe.hits import hit_rate, hits
from sab_visualiser.model.probe.loss_gradient import LossGradient
from sab_visualiser.model.probe.paths import Path, shown_paths
from sab_visualiser.model.shapes import Shaped, check_shapes
from sab_visualiser.model.tasks.base import Batch, Task


@dataclass(frozen=True)
class Attention:
    """What every step read: one row for each chosen memory, by reader, then by source.

    Attributes:
        reader_E: Step t; source_E the memory's step, −1 for the initial memory.
        weight_E: Attention weight; 0 where the score equals δ or the pair is knocked out.
        score_E: Raw score.
    """

    reader_E: Ints
    source_E: Ints
    weight_E: Floats
    score_E: Floats


@dataclass(frozen=True)
class Trace:
    """What a probe leaves behind (contract section 2, without run and update).

    Norms and credits are float64: in float32 the norm of large vectors would overflow.

    Attributes:
        loss_step: The step whose loss was followed back, or None for the whole loss.
        parameters: The knobs in force, the method and the phase.
        knocked_out: Skip edges that were taken away, and share: of the skip credit in the shown paths, as asked.
        inputs_TI: What the network read; symbols_T the same as symbols, where the task has symbols.
        targets_T: The task's targets (NaN where a real-valued task has none).
        loss_T: Loss at each step, 0 where there is no target.
        true_sources: Reader step → the steps that hold its answer.
        memories: Source steps of all memories, −1 first where there is an initial one.
        cuts: Steps on whose entry rules sab and truncated cut the local gradient.
        gradient_norm: Rule → ‖∂L/∂h_t‖ of every step; gradient_norm_cell likewise for c_t.
        edges: All edges with credit under rule sab.
        skip_credit: The sum of their finite skip credits.
        paths: Shown paths, strongest first; hidden_paths says how many are left out.
        reach: Rule → closed intervals of steps, latest first.
        hit: Reader step → whether its strongest memory is the first one written at or after a true source; None
            where no such memory existed yet. hit_rate is the share of hits, None without any such reader.
        metrics: The task's metrics on this example, and its whole loss as `loss`.
        nonfinite: How many of the numbers above are not finite (absent targets aside).
    """

    steps: int
    example: int
    loss_step: int | None
    parameters: dict[str, bool | int | str | None]
    knocked_out: tuple[tuple[int, int], ...]
    share: float
    inputs_TI: NDArray[np.float32]
    symbols_T: Ints | None
    targets_T: NDArray[Any]
    predictions_T: NDArray[Any]
    loss_T: Floats
    true_sources: dict[int, tuple[int, ...]]
    memories: tuple[int, ...]
    cuts: tuple[int, ...]
    attention: Attention
    gradient_norm: dict[Rule, Floats]
    gradient_norm_cell: dict[Rule, Floats]
    edges: Edges
    skip_credit: float
    paths: tuple[Path, ...]
    hidden_paths: int
    reach: dict[Rule, tuple[tuple[int, int], ...]]
    hit: dict[int, bool | None]
    hit_rate: float | None
    metrics: dict[str, float]
    nonfinite: int


@dataclass(frozen=True)
class Probe:
    """What one look asks for.

    Attributes:
        example: Which one of the batch, from 0.
        loss_step: Follow the loss of this step, or None for the whole loss of the example.
        knocked_out: Skip edges (reader, source) without weight.
        rules: Rules for gradient norms and reach; edges and paths are always those of rule sab.
        phase: Shifts the cuts of blocks.
        cuts: `blocks` of k_trunc steps, as training cuts; `window` cuts once, k_trunc steps back from the loss step.
        share: Of the credit of all skip edges, how much the shown paths hold, 0 to 1.
    """

    example: int = 0
    loss_step: int | None = None
    knocked_out: Iterable[tuple[int, int]] = ()
    rules: Sequence[Rule] = ("sab", "truncated", "full")
    phase: int = 0
    cuts: Cuts = "blocks"
    share: float = 0.95


def trace(network: Network, task: Task, batch: Batch, probe: Probe = Probe()) -> Trace:
    """Probe one example.

    Args:
        network: Any network; it is left as it is.
        task: Gives the loss.
        batch: Where the example comes from.
        probe: Which example, and what about it.

    Returns:
        The record.

    Raises:
        ValueError: `example`, `loss_step`, `rules` or `phase` out of range.

    Source: spec section 4.
    """
    probe = _checked(batch, probe)
    one = batch.example(probe.example).to(network.layer.weight_hh.device)
    hidden_BTD, summary_BTD, tape = _forward(network, one, probe)
    loss = LossGradient(network, task, one, hidden_BTD, summary_BTD, probe.loss_step)
    watched = {rule: _watch(tape, loss, rule) for rule in dict.fromkeys(("sab", *probe.rules))}
    edges, attention = watched["sab"].edges(), attention_of(tape)
    paths = shown_paths(edges, loss.starts, probe.share)
    norms = {rule: watched[rule].hidden_norms() for rule in probe.rules}
    cell_norms = {rule: watched[rule].cell_norms() for rule in probe.rules}
    hit = _hits(network, tape, attention, one)
    inputs_TI = one.inputs_BTI[0].float().cpu().numpy()
    _check_sizes(tape, inputs_TI, loss, norms)
    return Trace(
        steps=one.steps,
        example=probe.example,
        loss_step=probe.loss_step,
        parameters=_parameters(network, tape, probe),
        knocked_out=tuple(probe.knocked_out),
        share=probe.share,
        inputs_TI=inputs_TI,
        symbols_T=None if one.symbols_BT is None else one.symbols_BT[0].cpu().numpy(),
        targets_T=one.targets_BT[0].cpu().numpy(),
        predictions_T=loss.predictions_T,
        loss_T=loss.loss_T,
        true_sources=dict(one.true_sources[0]),
        memories=tape.memory_steps,
        cuts=tape.cuts,
        attention=attention,
        gradient_norm=norms,
        gradient_norm_cell=cell_norms,
        edges=edges,
        skip_credit=edges.skip_credit,
        paths=paths.paths,
        hidden_paths=paths.hidden,
        reach={rule: reach(norm) for rule, norm in norms.items()},
        hit=hit,
        hit_rate=hit_rate(hit),
        metrics=loss.metrics,
        nonfinite=_nonfinite(loss, attention, edges, *norms.values(), *cell_norms.values()),
    )


def _forward(network: Network, one: Batch, probe: Probe) -> tuple[Tensor, Tensor, Tape]:
    """States, summaries and the tape of a pass; its cuts are those that the probe asks for."""
    with torch.no_grad():
        out = network(one.inputs, probe.phase, probe.knocked_out)
    tape = out.tape
    if probe.cuts == "window" and probe.loss_step is not None:
        tape = replace(tape, cuts=tape.knobs.window(probe.loss_step))
    return out.hidden_BTD, out.summary_BTD, tape


def _parameters(network: Network, tape: Tape, probe: Probe) -> dict[str, bool | int | str | None]:
    return {"method": network.config.method, **asdict(tape.knobs), "phase": probe.phase, "cuts": probe.cuts}


def _hits(network: Network, tape: Tape, attention: Attention, one: Batch) -> dict[int, bool | None]:
    memories = memories_to_read(network, tape)
    return hits(attention.reader_E, attention.source_E, attention.weight_E, memories, one.true_sources[0])


def memories_to_read(network: Network, tape: Tape) -> tuple[int, ...]:
    """Steps of the memories that a reader could have chosen: none of a method that reads none, none with k_top 0.

    With k_top 0 a network is what tbptt is, and as little can be hit or missed.
    """
    return tuple(tape.memory_steps) if network.reads and tape.knobs.k_top > 0 else ()


def _checked(batch: Batch, probe: Probe) -> Probe:
    """The probe with its knocked-out edges as a tuple; raises ValueError for what the batch does not have."""
    count, example, loss_step = len(batch.inputs), probe.example, probe.loss_step
    require_int("example", example, 0, f"this batch has {count} examples, counted from 0")
    if example >= count:
        raise ValueError(f"example = {example}: must be from 0 to {count - 1}; this batch has {count} examples")
    if loss_step is not None:
        require_int("loss_step", loss_step, 0, "use None for the whole loss")
        if loss_step >= batch.steps:
            last = batch.steps - 1
            raise ValueError(f"loss_step = {loss_step}: must be from 0 to {last}; use None for the whole loss")
    require_choice("cuts", probe.cuts, get_args(Cuts))
    if probe.cuts == "window" and loss_step is None:
        raise ValueError("cuts = 'window': the whole loss has no last k_trunc steps; name a loss_step, or use 'blocks'")
    for rule in probe.rules:
        require_choice("rule", rule, RULES)
    return replace(probe, knocked_out=tuple((reader, source) for reader, source in probe.knocked_out))


def _watch(tape: Tape, loss: LossGradient, rule: Rule) -> CreditObserver:
    """Go back under one rule; edges are listed for rule sab alone."""
    observer = CreditObserver(tape, edges=rule == "sab")
    observe(tape, loss.d_hidden_BTD, loss.d_summary_BTD, rule, observer)
    return observer


def attention_of(tape: Tape) -> Attention:
    """The chosen memories of all steps."""
    read = [(t, choice, tape.places(t)) for t, choice in enumerate(tape.choices) if choice is not None]
    if not read:
        return Attention(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    reader_E = np.repeat([t for t, _, _ in read], [choice.chosen for _, choice, _ in read])
    # All steps in one tensor each: to convert every step by itself would take ten times as long.
    places_E = torch.cat([places[0, : choice.chosen] for _, choice, places in read if places is not None])
    weight_E = torch.cat([choice.weights_BE[0, : choice.chosen] for _, choice, _ in read])
    score_E = torch.cat([choice.scores_BE[0, : choice.chosen] for _, choice, _ in read])
    source_E = np.array(tape.memory_steps, dtype=np.int64)[places_E.cpu().numpy()]
    order = np.lexsort((source_E, reader_E))
    weight, score = (x.cpu().double().numpy()[order] for x in (weight_E, score_E))
    return Attention(reader_E[order], source_E[order], weight, score)


def _check_sizes(tape: Tape, inputs_TI: NDArray[np.float32], loss: LossGradient, norms: dict[Rule, Floats]) -> None:
    """Hold every array and tensor against the suffix of its name."""
    named: dict[str, Shaped] = {f"{rule}_T": norm for rule, norm in norms.items()}
    named.update(inputs_TI=inputs_TI, loss_T=loss.loss_T, predictions_T=loss.predictions_T)
    for name in Tape.__slots__:
        value = getattr(tape, name)
        if isinstance(value, Tensor):
            named[name] = value
    check_shapes(named)


def _nonfinite(loss: LossGradient, attention: Attention, edges: Edges, *norms: Floats) -> int:
    """How many numbers are not finite, those aside that do not exist."""
    numbers = [loss.loss_T, loss.predictions_T, attention.weight_E, attention.score_E, *norms]
    numbers += [edges.credit_E, edges.credit_hidden_E, edges.credit_cell_E[~edges.skip_E]]
    return sum(int((~np.isfinite(column)).sum()) for column in numbers)
