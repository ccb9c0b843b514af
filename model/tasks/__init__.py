"""The tasks, one file each, and the one door to them: `make_task`."""

from __future__ import annotations

from collections.abc import Callable

from sab_visualiser.model.config import TaskConfig, TaskName
from sab_visualiser.model.tasks.adding import AddingTask
from sab_visualiser.model.tasks.base import Batch, Task
from sab_visualiser.model.tasks.char import CharTask
from sab_visualiser.model.tasks.copy import CopyTask
from sab_visualiser.model.tasks.denoise import DenoiseTask
from sab_visualiser.model.tasks.pixels import PixelsTask
from sab_visualiser.model.tasks.recall import RecallTask

__all__ = ["TASKS", "Batch", "Task", "make_task"]

TASKS: dict[TaskName, Callable[[TaskConfig], Task]] = {
    "copy": CopyTask,
    "adding": AddingTask,
    "recall": RecallTask,
    "denoise": DenoiseTask,
    "char": CharTask,
    "pixels": PixelsTask,
}
"""Every task by the name a TaskConfig carries."""


def make_task(config: TaskConfig) -> Task:
    """Build the task a config describes.

    Args:
        config: Name, T in steps and, where the task has them, the number of items to remember.

    Returns:
        The task; it holds no random state, so one object serves training and probe.

    Raises:
        ValueError: T or items do not suit the task; the message names the range and the remedy.

    Source: spec section 6.
    """
    return TASKS[config.name](config)
