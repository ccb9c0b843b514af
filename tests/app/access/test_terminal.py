"""Enter in the terminal that a server was started in, on a real one (a pseudo-terminal)."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

pytestmark = pytest.mark.server
PATIENCE_S = 60
LINK = re.compile(rb"Open (http://\S+/login\?code=\S+)")


def read_until(terminal: int, count: int) -> list[bytes]:
    """The links in what the terminal shows, once there are so many."""
    shown, deadline = b"", time.monotonic() + PATIENCE_S
    while len(found := LINK.findall(shown)) < count or not shown.endswith(b"\n"):
        assert time.monotonic() < deadline, shown
        shown += os.read(terminal, 4096)
    return found


def test_enter_prints_another_link_that_lets_a_browser_in(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.fakes.serve", "--auth", "--data-dir", str(tmp_path)]
    number, terminal = pty.fork()
    if not number:
        os.execv(sys.executable, words)
    try:
        (first,) = read_until(terminal, 1)
        os.write(terminal, b"\n")
        (second,) = read_until(terminal, 1)
        assert first != second
        for link in (first, second):
            assert httpx2.get(link.decode(), trust_env=False).status_code == 303
    finally:
        os.kill(number, signal.SIGTERM)
        os.waitpid(number, 0)
        os.close(terminal)


def test_a_server_without_a_terminal_names_the_command_instead(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.fakes.serve", "--auth", "--data-dir", str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        shown = [server.stdout.readline() for _ in range(3)]
        server.send_signal(signal.SIGTERM)
    assert "run `sab link` for another" in shown[2]
