"""As the wiring puts it together: a chore of the dispatcher, whose own work never waits for a receiver."""

from __future__ import annotations

import time

from service import wiring
from service.tasks.chore import Chore
from service.tasks.dispatcher import Dispatcher
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.waiting import eventually
from tests.webhooks.conftest import Engines
from tests.webhooks.scene import Scene


def test_the_dispatchers_chore_tells_and_other_chores_go_on_meanwhile(
    scene: Scene, bridge: Bridge, engines: Engines
) -> None:
    settings = bridge.settings("wise_delivery")
    teller = wiring.make_teller(settings, engines("wise_delivery"), (STOCKPORT,))
    beats: list[float] = []
    chores = [
        Chore("webhooks_begun", teller.look, 0.1),
        Chore("webhooks_forgotten", teller.forget, 0.1),
        Chore("beats", lambda: beats.append(time.monotonic()) or 0, 0.1),
    ]
    deliverer = wiring.make_deliverer(settings, bridge.store(), {})
    dispatcher = Dispatcher(deliverer, bridge.store(), (), chores=chores, seconds=0.2, threads=1)
    scene.receiver.delay = 2.0
    delivery = scene.delivered()
    dispatcher.start()
    try:
        eventually(lambda: scene.receiver.heard, seconds=20)
        before = len(beats)
        eventually(lambda: scene.endpoint.waiting == 0, seconds=20)
        assert len(beats) - before >= 2
    finally:
        dispatcher.stop()
    assert scene.receiver.messages == [("delivery.delivered", delivery.reference)]
