"""Pictures do not depend on what a shell or a notebook has set for matplotlib."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("backend", ["module://matplotlib_inline.backend_inline", "no such backend", "tkagg"])
def test_the_backend_of_a_notebook_is_not_obeyed(backend: str) -> None:
    code = (
        "from sab_visualiser.app.export.print import pictures; from matplotlib.figure import Figure; import io;"
        "out = io.BytesIO(); Figure().savefig(out, format='png'); print(out.getvalue()[1:4].decode())"
    )
    environment = {**os.environ, "MPLBACKEND": backend}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "PNG"), done.stderr
