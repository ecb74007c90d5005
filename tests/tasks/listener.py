"""A worker's ear: the real Celery application, with a dispatcher's place taken by what prints whom it was told of."""

from __future__ import annotations

import sys

from service.tasks.broker import make_celery
from service.tasks.jobs import register


class Printing:
    """What `register` needs of a dispatcher."""

    def look_now(self, authority: str) -> None:
        _say(authority)

    def look_everywhere(self) -> None:
        _say("everywhere")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    app = make_celery(sys.argv[1], sweep_seconds=5)
    register(app, Printing())  # type: ignore[arg-type] # the two verbs are all that is used of it
    app.worker_main(["worker", "--pool", "solo", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"])
