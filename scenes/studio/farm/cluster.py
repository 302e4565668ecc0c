"""Workers on other machines, or in processes of their own on this one: a Dask cluster, through its executor.

The jobs are those of the local pool. Nothing is shared with these workers but the code: records go there with the job,
segments come back as bytes.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from scenes.kit.errors import UsageError
from scenes.studio.farm.messages import Disk

WAIT = 10  # s for the scheduler to answer
AHEAD = 64  # jobs that are handed over at least, so that a cluster that grows with its work sees some
ALLOWED = "local:N (N processes here) or the address of a scheduler, tcp://host:8786"


class DaskPool:
    """Workers of a Dask cluster. To be used as a context."""

    retries = 3
    disk = Disk()

    def __init__(self, address: str, jobs: int | None = None) -> None:
        """``jobs`` is how many workers there will be, if not those that there are now. Raises :class:`UsageError` if
        ``address`` is none, nobody answers there, or Dask is not installed."""
        self._jobs = jobs
        local = re.fullmatch(r"local:([1-9]\d{0,2})", address)
        if local is None and not re.match(r"(tcp|tls|ucx|ws|wss|inproc)://.", address):
            raise UsageError(f"--cluster {address}: not understood; allowed: {ALLOWED}")
        os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "error")  # here and in workers on this machine
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise UsageError("--cluster needs Dask: pip install 'atajos[cluster]'") from None
        self._stack, self._local = contextlib.ExitStack(), local is not None
        try:
            if local is not None:
                workers = {"n_workers": int(local[1]), "threads_per_worker": 1, "processes": True}
                cluster = LocalCluster(
                    **workers, host="127.0.0.1", dashboard_address=None, silence_logs="CRITICAL", nanny=True
                )
                self._client = self._stack.enter_context(Client(self._stack.enter_context(cluster)))
            else:
                self._client = self._stack.enter_context(Client(address, timeout=WAIT))
        except (OSError, TimeoutError) as error:
            self._stack.close()
            raise UsageError(f"--cluster {address}: no scheduler answers there ({error})") from None
        except BaseException:
            self._stack.close()
            raise
        self._executor = self._client.get_executor(pure=False, retries=self.retries)

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with contextlib.suppress(Exception):  # a cluster that is gone need not be told to stop
            self._executor.shutdown(wait=False, cancel_futures=True)
        if kind is not None and self._local:  # at once: nobody waits for what is under way
            for worker in multiprocessing.active_children():
                worker.kill()
        self._stack.close()

    @property
    def size(self) -> int:
        return self._jobs or max(1, len(self._client.ncores()))  # workers may come and go

    @property
    def seats(self) -> int:
        """How many jobs it can use at a time: while results travel, the next is at work."""
        return max(AHEAD, 2 * self.size)

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = self._executor.submit(job, *arguments)
        return future

    def revive(self) -> None:
        """Nothing to do: Dask itself starts workers anew and gives their jobs to others."""
