"""The real server in a process of its own, with fake workers in processes of theirs.

`python -m tests.fakes.serve --data-dir DIR [--port N]`; settings also come from the environment (SAB_…).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sab_visualiser.app.serve import serve
from sab_visualiser.app.settings import Settings
from sab_visualiser.app.workers.local import LocalLauncher

FAKE_WORKER = (sys.executable, "-m", "tests.fakes.worker")


def main() -> int:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--real", action="store_true", help="real workers, with torch")
    parser.add_argument("--auth", action="store_true", help="ask for a token, as `sab serve` does")
    arguments = parser.parse_args()
    launcher = None if arguments.real else LocalLauncher(FAKE_WORKER)
    settings = Settings(port=arguments.port, data_dir=arguments.data_dir, no_auth=not arguments.auth)
    return serve(settings, launcher)


if __name__ == "__main__":
    sys.exit(main())
