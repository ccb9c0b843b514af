"""What a machine of a cluster does for a server elsewhere: it has workers, copies of one process that is warm there.

Imported by name on that machine; nothing here is of the machine where the sweep runs.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from functools import cache
from urllib.parse import urlsplit

from sab_visualiser.app.settings import Settings
from sab_visualiser.app.workers.forked import ForkingLauncher
from sab_visualiser.app.workers.local import WORKER_COMMAND
from sab_visualiser.app.workers.memory import worker_bytes


def lend(url: str, token: str, looking_share: float) -> str:
    """Be a worker of the server at `url` until it says that this is enough; gives how it ended, in words."""
    address = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}[address.scheme]
    dial = f"{scheme}://{address.netloc}/ws/worker"
    loop, launcher = _launcher(looking_share)

    async def work() -> str:
        worker = await launcher.start(f"dask-{secrets.token_hex(4)}", dial, token)
        return await worker.wait()

    return asyncio.run_coroutine_threadsafe(work(), loop).result()


def prepare(looking_share: float) -> None:
    """Begin to load what workers here will be copies of; gives at once."""
    loop, launcher = _launcher(looking_share)
    asyncio.run_coroutine_threadsafe(launcher.load(), loop)


@cache
def _launcher(looking_share: float) -> tuple[asyncio.AbstractEventLoop, ForkingLauncher]:
    """The launcher of this process and the loop that it lives in, for as long as both are there."""
    here = Settings()
    words = ("--loop-threads", "1", "--looking-share", str(looking_share), "--memory-bytes", str(worker_bytes(here)))
    files = ("--data-files", str(here.data_files))
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="workers", daemon=True).start()
    return loop, ForkingLauncher((*WORKER_COMMAND, *words, *files), "auto")
