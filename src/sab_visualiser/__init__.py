"""Sparse Attentive Backtracking, made visible: `from sab_visualiser import SAB, Network, Trainer, show`.

Importing the package loads no torch; the first of these names that needs it does.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sab_visualiser.app.export.explorable.notebook import show
    from sab_visualiser.model.network import Network
    from sab_visualiser.model.sab import SAB
    from sab_visualiser.model.training.trainer import Trainer

__all__ = ["SAB", "Network", "Trainer", "show"]

_HOME = {
    "SAB": "model.sab",
    "Network": "model.network",
    "Trainer": "model.training.trainer",
    "show": "app.export.explorable.notebook",
}
_LINKS = ("app", "model", "static", "templates")


def _require_links(here: Path) -> None:
    """In a clone the folders are links; where git could not make links, it leaves small text files in their place.

    Raises:
        ImportError: Naming what is missing, and the remedy.
    """
    lost = [name for name in _LINKS if not (here / name).is_dir()]
    if lost:
        raise ImportError(
            f"{', '.join(lost)} in {here} should be links to folders, and this clone has none: run `git "
            "config core.symlinks true && git checkout -- src` (on Windows switch developer mode on first)"
        )


_require_links(Path(__file__).parent)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
