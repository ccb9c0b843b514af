"""C16: two hands on one run: who names the version they saw is refused when it is an old one, and both see one end."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.fakes.server import Live, Viewer, in_thread

TURNS = 60


class Hand:
    """A page that follows a run, and knows what it last heard."""

    def __init__(self, live: Live, run: str) -> None:
        self.live, self.run, self.viewer = live, run, live.viewer()
        self.version, self.knobs = 0, dict[str, Any]()
        self.viewer.say(type="subscribe", run=run, after=0)

    def hear(self, version: int) -> None:
        """Listen until that version is in force."""
        while self.version < version:
            frame = self.viewer.next()
            if frame["kind"] == "parameters" and frame["run"] == self.run:
                assert frame["data"]["params_version"] > self.version, "versions come in order"
                self.version, self.knobs = frame["data"]["params_version"], frame["data"]["parameters"]

    def turn(self, k_top: int) -> int:
        """Turn a knob from what this page knows; the status of the answer."""
        knobs = {"k_top": k_top}
        return self.live.command(self.run, "set_parameters", parameters=knobs, base_version=self.version).status_code


def parameters(viewer: Viewer, run: str) -> list[tuple[int, int]]:
    """Versions and k_top, as the viewer heard of them."""
    heard = [frame for frame in viewer.frames if frame["kind"] == "parameters" and frame["run"] == run]
    return [(frame["data"]["params_version"], frame["data"]["parameters"]["k_top"]) for frame in heard]


def test_C16_two_hands_that_name_what_they_saw_never_overwrite_one_another_unseen(tmp_path: Path) -> None:
    rng = random.Random(16)
    with in_thread(tmp_path) as live:
        run = live.start(training={"updates": 1_000_000})
        live.reach(run, "running", update=1)
        hands = [Hand(live, run) for _ in range(2)]
        taken: list[tuple[int, int]] = []
        refused = 0
        for _ in range(TURNS):
            hand, k_top = rng.choice(hands), rng.randrange(1, 50)
            seen, now = hand.version, len(taken)
            status = hand.turn(k_top)
            assert status == (202 if seen == now else 409), (seen, now)
            if status == 202:
                taken.append((now + 1, k_top))
            refused += status == 409
            if rng.random() < 0.6:
                hand.hear(len(taken))
        assert refused > 5
        assert len(taken) > 5
        for hand in hands:
            hand.hear(len(taken))
            heard = parameters(hand.viewer, run)
            assert set(heard) <= set(taken), "what is in force was taken, under that number"
            assert heard == sorted(heard), "in one order"
            assert heard[-1] == taken[-1]
        assert parameters(hands[0].viewer, run) == parameters(hands[1].viewer, run)
        view = live.run(run)
        assert (view["params_version"], view["parameters"]["k_top"]) == taken[-1]
        assert hands[0].knobs == hands[1].knobs
        changes = live.http.get(f"/api/runs/{run}/metrics").json()["changes"]
        assert changes[-1]["params_version"] == len(taken)
        for hand in hands:
            hand.viewer.socket.close()
        live.command(run, "stop")


def test_C16_hands_that_name_no_version_are_all_taken_and_the_last_one_counts_for_both(tmp_path: Path) -> None:
    with in_thread(tmp_path) as live:
        run = live.start(training={"updates": 1_000_000})
        live.reach(run, "running", update=1)
        with live.viewer() as one, live.viewer() as two:
            for viewer in (one, two):
                viewer.say(type="subscribe", run=run, after=0)
            for turn in range(20):
                command = {"type": "set_parameters", "parameters": {"k_top": turn + 1}}
                (one, two)[turn % 2].say(type="command", run=run, command={**command, "command_id": f"t{turn}"})
                (one, two)[turn % 2].until(lambda frame: frame["kind"] == "accepted")
            for viewer in (one, two):
                if (parameters(viewer, run) or [(0, 0)])[-1][1] != 20:
                    viewer.until(lambda f: f["kind"] == "parameters" and f["data"]["parameters"]["k_top"] == 20)
            assert parameters(one, run) == parameters(two, run)
        assert live.run(run)["parameters"]["k_top"] == 20
        live.command(run, "stop")
