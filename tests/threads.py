"""Several things at once, each on a database connection of its own."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from django.db import connection


def in_threads(*acts: Callable[[], Any]) -> None:
    """Run every act in a thread of its own; comes back when all have ended."""

    def alone(act: Callable[[], Any]) -> None:
        try:
            act()
        finally:
            connection.close()

    threads = [Thread(target=alone, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
