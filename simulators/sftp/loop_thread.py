"""An event loop in a thread, so that plain test code can use the asynchronous SSH server."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


class LoopThread:
    """Started on construction, ended by `stop`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulator-ssh", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Waits for the result, and raises here what was raised there."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=15)

    def stop(self) -> None:
        """Lets what was just cancelled come to its end before the loop goes."""
        self.run(self._settle())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _settle(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=0.3)
