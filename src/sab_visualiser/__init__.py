"""Sparse Attentive Backtracking, made visible: `from sab_visualiser import SAB, Network, Trainer`.

Importing the package loads no torch; the first of the three names that is used does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sab_visualiser.model.network import Network
    from sab_visualiser.model.sab import SAB
    from sab_visualiser.model.training.trainer import Trainer

__all__ = ["SAB", "Network", "Trainer"]

_HOME = {"SAB": "model.sab", "Network": "model.network", "Trainer": "model.training.trainer"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
