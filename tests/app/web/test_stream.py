from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from sab_visualiser.app.wire.codec import decode, encode
from sab_visualiser.app.wire.packing import from_bytes
from tests.fakes.server import WORKER_TOKEN, Live, eventually, in_thread


def test_the_first_frames_name_the_server_start_and_the_runs(server: Live) -> None:
    with server.viewer() as viewer:
        hello = viewer.next()
        assert (hello["kind"], hello["epoch"]) == ("hello", server.app.state.epoch)
        assert viewer.next()["kind"] == "runs"


def test_a_new_run_is_announced_to_every_viewer(server: Live) -> None:
    with server.viewer() as viewer:
        run = server.start(training={"updates": 2})
        viewer.until(lambda frame: frame["kind"] == "row" and frame["run"] == run)


def test_a_viewer_sees_every_event_once_and_in_order(server: Live) -> None:
    run = server.start(training={"updates": 60})
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        subscribed = viewer.until(lambda frame: frame["kind"] == "subscribed")
        assert subscribed["view"]["id"] == run
        last = viewer.until(lambda f: f["kind"] == "status" and f["data"]["status"] == "finished")
        assert viewer.seqs(run) == list(range(1, last["seq"] + 1))
        loss = [frame["data"]["loss"][0] for frame in viewer.frames if frame["kind"] == "metrics"]
        assert len(loss) == 60


def test_C14_viewers_that_come_and_go_miss_nothing(server: Live) -> None:
    run = server.start(training={"updates": 80})
    seen: list[int] = []
    while server.run(run)["status"] in ("queued", "running"):
        with server.viewer() as viewer:
            viewer.say(type="subscribe", run=run, after=seen[-1] if seen else None)
            viewer.until(lambda frame: frame["kind"] == "metrics" or frame.get("data", {}).get("status") == "finished")
            seen += viewer.seqs(run)
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=seen[-1])
        total = viewer.until(lambda frame: frame["kind"] == "subscribed")["seq"]
        while (seen + viewer.seqs(run))[-1] != total:
            viewer.next()
        assert seen + viewer.seqs(run) == list(range(1, total + 1))


def test_what_a_viewer_sees_is_in_the_store_already(server: Live) -> None:
    run = server.start(training={"updates": 30})
    reader = server.app.state.store.database
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        while (frame := viewer.next()).get("data", {}).get("status") != "finished":
            if "seq" in frame and frame["kind"] == "metrics":
                found = reader.read_now(
                    lambda c, seq=frame["seq"]: c.exec_driver_sql(
                        "SELECT kind FROM events WHERE run = ? AND seq = ?", (run, seq)
                    ).fetchall()
                )
                assert found == [("metrics",)]


def test_a_snapshot_comes_to_late_viewers_too(server: Live) -> None:
    run = server.start(training={"updates": 5})
    server.reach(run, "finished")
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        frame = viewer.until(lambda each: each["kind"] == "snapshot")
        assert (frame["update"], from_bytes(frame["trace"].tobytes())["attention"]["source"].tolist()) == (
            5,
            [-1, 0, 0, -1],
        )


def test_a_command_over_the_socket_is_acknowledged_to_all_viewers(server: Live) -> None:
    run = server.start()
    server.reach(run, "running", update=1)
    with server.viewer() as one, server.viewer() as two:
        for viewer in (one, two):
            viewer.say(type="subscribe", run=run, after=None)
        command = {"type": "set_parameters", "parameters": {"k_att": 3}, "command_id": "knob-1"}
        one.say(type="command", run=run, command=command)
        for viewer in (one, two):
            event = viewer.until(lambda frame: frame["kind"] == "parameters")
            assert event["data"]["command_id"] == "knob-1"
            assert event["data"]["parameters"]["k_att"] == 3
            assert event["data"]["params_version"] == 1
    server.command(run, "stop")


def test_a_command_is_taken_in_so_many_words_to_its_sender_alone(server: Live) -> None:
    run = server.start()
    server.reach(run, "running", update=1)
    with server.viewer() as one, server.viewer() as two:
        one.say(type="command", run=run, command={"type": "pause", "command_id": "p1"})
        taken = one.until(lambda frame: frame["kind"] == "accepted")
        assert (taken["run"], taken["command_id"], taken["params_version"]) == (run, "p1", 0)
        server.reach(run, "paused")
        two.say(type="ping")
        two.until(lambda frame: frame["kind"] == "pong")
        assert "accepted" not in [frame["kind"] for frame in two.frames]
    server.command(run, "stop")


def test_a_command_that_comes_again_is_done_once_and_answered_as_before(server: Live) -> None:
    run = server.start()
    server.reach(run, "running", update=1)
    server.command(run, "pause")
    update = server.reach(run, "paused")["update"]
    first = server.command(run, "step", command_id="once").json()
    with server.viewer() as viewer:
        viewer.say(type="command", run=run, command={"type": "step", "command_id": "once"})
        viewer.until(lambda frame: frame["kind"] == "accepted")
    assert server.command(run, "step", command_id="once").json() == first
    server.reach(run, "paused", update=update + 1)
    server.command(run, "step", command_id="twice")
    assert server.reach(run, "paused", update=update + 2)["update"] == update + 2
    server.command(run, "stop")


def test_a_command_that_does_not_fit_is_rejected_to_its_sender_alone(server: Live) -> None:
    run = server.start(training={"updates": 2})
    server.reach(run, "finished")
    with server.viewer() as one, server.viewer() as two:
        one.say(type="command", run=run, command={"type": "pause", "command_id": "p1"})
        rejected = one.until(lambda frame: frame["kind"] == "rejected")
        assert (rejected["run"], rejected["command_id"], rejected["problem"]["status"]) == (run, "p1", 409)
        two.say(type="subscribe", run=run, after=None)
        two.until(lambda frame: frame.get("data", {}).get("status") == "finished")
        assert "rejected" not in [frame["kind"] for frame in two.frames]


@pytest.mark.parametrize(
    ("said", "field", "status"),
    [
        ({"type": "subscribe", "run": "rnone", "after": None}, "run", 404),
        ({"type": "subscribe", "run": 5}, "run", 422),
        ({"type": "dance", "run": "RUN"}, "type", 422),
        ({"type": "subscribe", "run": "RUN", "after": -1}, "after", 422),
        ({"type": "subscribe", "run": "RUN", "after": True}, "after", 422),
        ({"type": "subscribe", "run": "RUN", "after": 1e400}, "after", 422),
        ([1, 2], "run", 422),
        ("text", "run", 422),
    ],
)
def test_a_message_that_makes_no_sense_is_rejected_with_the_field(
    server: Live, said: Any, field: str, status: int
) -> None:
    run = server.start(training={"updates": 1})
    with server.viewer() as viewer:
        viewer.socket.send(json.dumps(said).replace("RUN", run))
        problem = viewer.until(lambda frame: frame["kind"] == "rejected")["problem"]
        assert (problem["status"], problem["errors"][0]["field"]) == (status, field)


def test_B18_binary_frames_close_with_1003(server: Live) -> None:
    with server.viewer() as viewer:
        viewer.socket.send(b"\x00\x01")
        assert viewer.closed_with() == 1003


def test_B18_frames_above_64_kib_close_with_1009(server: Live) -> None:
    with server.viewer() as viewer:
        viewer.socket.send("x" * 70_000)
        assert viewer.closed_with() == 1009


def test_B18_the_fifth_frame_that_is_not_json_closes_with_1007(server: Live) -> None:
    with server.viewer() as viewer:
        for text in ("{", "nope", "[" * 5000, "}"):
            viewer.socket.send(text)
        viewer.say(type="subscribe", run="rnone", after=None)
        viewer.until(lambda frame: frame["kind"] == "rejected")
        viewer.socket.send("{")
        assert viewer.closed_with() == 1007


@pytest.mark.parametrize("given", ["", "Authorization: Bearer wrong\r\n", "Authorization: TOKEN\r\n"])
def test_a_worker_without_the_token_is_refused(server: Live, given: str) -> None:
    request = (
        f"GET /ws/worker HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"{given.replace('TOKEN', WORKER_TOKEN)}\r\n"
    )
    assert server.raw(request.encode()).startswith(b"HTTP/1.1 401")


def test_a_worker_that_dials_in_by_itself_is_a_spare_and_its_nonsense_is_dropped(tmp_path: Path) -> None:
    with in_thread(tmp_path, worker_token=WORKER_TOKEN) as live:
        supervisor = live.app.state.supervisor
        headers = {"Authorization": f"Bearer {WORKER_TOKEN}"}
        eventually(supervisor.idle)
        with connect(f"ws://127.0.0.1:{live.port}/ws/worker", additional_headers=headers) as socket:
            socket.send(encode({"kind": "hello", "data": {"worker": "from-afar"}}))
            guest = eventually(lambda: next((w for w in supervisor.workers.values() if w.handle is None), None))
            guest.run = live.start(training={"updates": 1})
            for nonsense in (b"", b"\xff" * 100, encode({"kind": "dance"}), encode({"data": 1})):
                socket.send(nonsense)
            socket.ping().wait(2)
            assert guest.id in supervisor.workers
            live.reach(guest.run, "finished")
        eventually(lambda: guest.id not in supervisor.workers)


def test_every_frame_is_strict_json_even_with_nan_metrics(server: Live) -> None:
    run = server.start(name="diverge")
    server.reach(run, "diverged")
    with server.viewer() as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        while True:
            frame = viewer.socket.recv(timeout=5)
            assert isinstance(frame, bytes)
            length = int.from_bytes(frame[:4], "little")
            json.loads(frame[4 : 4 + length], parse_constant=pytest.fail)
            if decode(frame).get("data", {}).get("status") == "diverged":
                return
