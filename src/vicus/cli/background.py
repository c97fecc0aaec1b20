"""The process for background work beside the site: started with it, started again when it ends by itself."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the next start: doubled each time the process ends soon, so that a fault does not fill the machine."""


class Background:
    """A command that is kept running until `stop`.

    Parameters
    ----------
    command : sequence of str
        The program and its words.
    environment : mapping
        Its environment variables.
    pause : float
        Seconds before it is started again for the first time.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, pause: float = FIRST_PAUSE
    ) -> None:
        self._command, self._environment, self._first = list(command), dict(environment), pause
        self._ending = threading.Event()
        self._owner = os.getpid()
        self.process = self._start()
        threading.Thread(target=self._watch, name="background work", daemon=True).start()

    def stop(self) -> None:
        """End the process for good. Processes forked off this one leave it alone when they end."""
        if os.getpid() != self._owner:
            return
        self._ending.set()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env=self._environment)  # noqa: S603 - our own program

    def _watch(self) -> None:
        pause = self._first
        while True:
            began = time.monotonic()
            self.process.wait()
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = self._first
            if self._ending.wait(pause):
                return
            logger.error("The process for background work ended; it is started again.")
            self.process = self._start()
            if self._ending.is_set():
                self.process.terminate()
                return
            pause = min(2 * pause, LONGEST_PAUSE)
