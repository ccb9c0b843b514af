"""A notebook as Jupyter runs it: cells in a kernel of their own, and what they show as a page that needs no kernel."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

CELL_TIMEOUT_S = 600
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documented(file: Path, heading: str) -> list[str]:
    """The blocks of Python below a heading of a Markdown file."""
    section = file.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return _BLOCK.findall(section)


def executed(cells: Sequence[str], folder: Path) -> NotebookNode:
    """The notebook of these cells, run by a kernel of Jupyter in `folder`; a cell that fails fails the test."""
    made = [nbformat.v4.new_code_cell(source) for source in cells]  # type: ignore[no-untyped-call]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=made)  # type: ignore[no-untyped-call]
    own = {"JUPYTER_PLATFORM_DIRS": "1", "IPYTHONDIR": str(folder / "ipython")}
    with mock.patch.dict(os.environ, own):
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute()
    return notebook


def shown(notebook: NotebookNode) -> list[str]:
    """What cells show as HTML, in their order; those without are left out."""
    return [
        str(output["data"]["text/html"])
        for cell in notebook["cells"]
        for output in cell["outputs"]
        if output["output_type"] == "execute_result" and "text/html" in output["data"]
    ]


def printed(notebook: NotebookNode) -> str:
    """What cells print."""
    return "".join(
        str(output["text"])
        for cell in notebook["cells"]
        for output in cell["outputs"]
        if output["output_type"] == "stream" and output["name"] == "stdout"
    )


def as_page(output: str) -> bytes:
    """An output as a notebook's page has it: among other words, in a frame that it brings along."""
    head = '<!doctype html><meta charset="utf-8"><title>notebook</title>'
    return f"{head}<body><h1>In [1]</h1>{output}<p>below</p></body>".encode()
