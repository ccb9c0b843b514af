"""A process that has everything loaded and warm makes workers of itself: each begins in milliseconds, not in seconds.

It speaks with the server that started it over one socket of packets, in JSON. It says `{"ready": true}` once. Then
each packet is an order, `{"id", "url", "token"}`, and carries one descriptor: the worker's standard error. Answers are
`{"id", "pid"}` and, when that process has ended, `{"pid", "code"}`, negative for a signal. The end of the socket is its
own end; its workers notice by themselves that the server is gone.

Only a process of one thread may do this: a lock that another thread holds would stay locked in the copy for ever.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

LONGEST_PACKET = 1 << 16
PR_SET_NAME = 15


class Order(NamedTuple):
    """A worker that is wanted: what it is called, where it dials in, and the secret that it shows there."""

    id: str
    url: str
    token: str


def serve_forks(channel: socket.socket, begin: Callable[[Order], int]) -> int:
    """Make a worker for each order until the other end is closed.

    Args:
        channel: To the server.
        begin: What a worker does, in its own process; gives its exit code.

    Returns:
        An exit code: 0, or 1 where this process may not be copied since it has more threads than one.
    """
    if _threads() > 1:
        return 1
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake)
    gc.collect()
    gc.freeze()  # what is never looked at again stays shared with the copies
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        _say(channel, ready=True)
        while True:
            there, _, _ = select.select([channel.fileno(), woken], [], [])
            if woken in there:
                os.read(woken, LONGEST_PACKET)
                _reap(channel)
            if channel.fileno() in there and not _obey(channel, (woken, wake), begin):
                break
    return 0


def _obey(channel: socket.socket, pipe: tuple[int, int], begin: Callable[[Order], int]) -> bool:
    """One order; False at the end of the socket."""
    packet, descriptors, _, _ = socket.recv_fds(channel, LONGEST_PACKET, 1)
    if not packet:
        return False
    order, (errors,) = Order(**json.loads(packet)), descriptors
    pid = os.fork()
    if pid == 0:
        channel.close()
        _become_worker(order, errors, pipe, begin)
    os.close(errors)
    os.setpgid(pid, pid)  # it does so itself too: whoever is first, it can be killed as a group from here on
    _say(channel, id=order.id, pid=pid)
    return True


def _become_worker(order: Order, errors: int, pipe: tuple[int, int], begin: Callable[[Order], int]) -> NoReturn:
    """The copy: a process group, signals and a standard error of its own, then the work; it never returns."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        os.dup2(errors, sys.stderr.fileno())
        for descriptor in (errors, *pipe):
            os.close(descriptor)
        _call_itself(order.id)
        code = begin(order)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


def _reap(channel: socket.socket) -> None:
    """Tell of all that have ended."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _say(channel, pid=ended[0], code=os.waitstatus_to_exitcode(ended[1]))


def _say(channel: socket.socket, **words: object) -> None:
    channel.send(json.dumps(words).encode())


def _threads() -> int:
    """Of this process, also those that no Python started."""
    return len(list(Path("/proc/self/task").iterdir()))


def _call_itself(name: str) -> None:
    """As `ps` and `top` show it: the words that it was started with are those of the process it is a copy of."""
    prctl(PR_SET_NAME, name.encode())


def prctl(option: int, value: int | bytes) -> None:
    """Tell Linux how this process is to be treated; without effect where the C library knows no such thing."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value)
