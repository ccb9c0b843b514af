"""The loss of one example, or of one of its steps, and its gradient on what the read-out sees.

Autograd works here only from the loss back to the states; from there on model/passes/plain/passes.py goes by hand.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from sab_visualiser.model.network import Network
from sab_visualiser.model.probe.credit import Floats
from sab_visualiser.model.tasks.base import Batch, Task


class LossGradient:
    """Read-out, losses and their gradient for a batch of one example.

    Args:
        network: Gives the read-out; its weights and their .grad are left alone.
        task: Gives losses, predictions and metrics.
        one: The example.
        hidden_BTD: Final states of a pass; summary_BTD its summaries.
        loss_step: The step whose loss is followed back, None for the whole loss.

    Attributes:
        d_hidden_BTD: ∂L/∂h through the read-out; d_summary_BTD ∂L/∂s.
        loss_T: Loss of each step.
        metrics: The task's metrics, and the whole loss as `loss`.
    """

    def __init__(
        self,
        network: Network,
        task: Task,
        one: Batch,
        hidden_BTD: Tensor,
        summary_BTD: Tensor,
        loss_step: int | None,
    ) -> None:
        states = [x.detach().requires_grad_() for x in (hidden_BTD, summary_BTD)]
        with torch.enable_grad():
            outputs_BTC = network.read_out(*states)
            loss_BT, whole = task.loss_BT(outputs_BTC, one), task.loss(outputs_BTC, one)
            loss = whole if loss_step is None else loss_BT[0, loss_step]
        if loss.requires_grad:
            gradients = torch.autograd.grad(loss, states, materialize_grads=True)
        else:  # a step without a target has a constant loss
            gradients = tuple(torch.zeros_like(x) for x in states)
        self.d_hidden_BTD, self.d_summary_BTD = gradients
        outputs_BTC = outputs_BTC.detach()
        self.loss_T: Floats = loss_BT.detach()[0].cpu().double().numpy()
        self.predictions_T = task.predictions_BT(outputs_BTC)[0].cpu().numpy()
        whole_value = float(whole.detach())
        self.metrics = {**task.metrics(outputs_BTC, one, whole_value), "loss": whole_value}

    @property
    def starts(self) -> tuple[int, ...]:
        """Steps where the loss enters the network: those with any gradient from the read-out."""
        entered_T = (self.d_hidden_BTD[0] != 0).any(1) | (self.d_summary_BTD[0] != 0).any(1)
        return tuple(int(t) for t in np.flatnonzero(entered_T.cpu().numpy()))
