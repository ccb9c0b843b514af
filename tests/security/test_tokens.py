"""B5, B6, B7, B9, B10: who shows what, and what comes of it: tokens, cookies, links, sockets, new tokens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sab_visualiser.app.access.door import Door
from sab_visualiser.app.access.keys import FILE, read_keys
from sab_visualiser.app.settings import Settings
from tests.fakes.locked import asker, bearer, browser_of, keys, locked_server
from tests.fakes.server import Live, eventually


def test_B5_the_answer_names_both_ways_for_a_script_and_is_a_page_for_a_browser(locked: Live) -> None:
    with asker(locked) as nobody:
        answer = nobody.post("/api/runs", json={})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        said = answer.json()["detail"]
        assert "Authorization: Bearer TOKEN" in said
        assert "--no-auth" in said
        for path in ("/", "/runs/group/g1", "/api/runs"):
            page = nobody.get(path, headers={"Accept": "text/html,application/xhtml+xml"})
            assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
            assert "<code>sab link</code>" in page.text
            assert "style=" not in page.text


@pytest.mark.parametrize("given", ["Bearer", "Bearer x", "Basic eDp5", "TOKEN", "Bearer TOKENx", "Bearer x TOKEN"])
def test_B5_what_is_no_token_of_this_server_is_refused(tmp_path: Path, given: str) -> None:
    with locked_server(tmp_path) as live, asker(live) as somebody:
        given = given.replace("TOKEN", keys(live).controller)
        assert somebody.get("/api/runs", headers={"Authorization": given}).status_code == 401


def test_B5_after_ten_wrong_tokens_a_minute_further_ones_wait_and_a_right_one_does_not(tmp_path: Path) -> None:
    with locked_server(tmp_path) as live, asker(live) as somebody:
        wrong = {"Authorization": "Bearer wrong"}
        assert [somebody.get("/api/runs", headers=wrong).status_code for _ in range(10)] == [401] * 10
        late = somebody.get("/api/runs", headers=wrong)
        assert late.status_code == 429
        assert 1 <= int(late.headers["retry-after"]) <= 60
        assert somebody.get("/login?code=wrong").status_code == 429
        assert somebody.get("/api/runs").status_code == 401, "without a token nothing was guessed"
        assert somebody.get("/api/runs", headers=bearer(live, "viewer")).status_code == 200


def test_B5_a_guessed_cookie_counts_and_an_old_one_does_not(tmp_path: Path) -> None:
    with locked_server(tmp_path) as live, asker(live) as somebody:
        name = f"sab_{live.port}"
        old, guess = "0123456789ab.controller.00", f"{keys(live).generation}.controller.00"
        assert {somebody.get("/api/runs", headers={"Cookie": f"{name}={old}"}).status_code for _ in range(12)} == {401}
        codes = [somebody.get("/api/runs", headers={"Cookie": f"{name}={guess}"}).status_code for _ in range(11)]
        assert codes == [*[401] * 10, 429]


def test_B6_a_link_is_good_once_and_its_code_is_in_no_later_address(locked: Live) -> None:
    link = locked.app.state.door.link("controller")
    with asker(locked) as browser:
        place = link.removeprefix(locked.url)
        assert browser.head(place).status_code == 200, "who only looks at it does not use it up"
        first = browser.get(place)
        assert (first.status_code, first.headers["location"]) == (303, "./")
        cookie = first.headers["set-cookie"]
        assert f"sab_{locked.port}=" in cookie
        assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
        assert not [token for token in (keys(locked).controller, keys(locked).viewer) if token in cookie]
        assert browser.get("/").status_code == 200
        assert "code=" not in browser.get("/").text
    with asker(locked) as other:
        second = other.get(place, headers={"Accept": "text/html"})
        assert (second.status_code, "set-cookie" in second.headers) == (401, False)
        assert other.get("/api/runs").status_code == 401


def test_B6_a_link_in_a_page_of_another_site_leads_on_by_a_step_of_our_own(locked: Live) -> None:
    link = locked.app.state.door.link("controller")
    with asker(locked) as browser:
        answer = browser.get(link.removeprefix(locked.url), headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, True)
        assert 'http-equiv="refresh" content="0; url=./"' in answer.text


def test_B6_a_link_of_viewers_lets_in_a_class_and_no_controller(locked: Live) -> None:
    made = locked.http.post("/api/links", json={"role": "viewer", "minutes": 90}).json()
    assert (made["role"], made["minutes"]) == ("viewer", 90)
    for _ in range(3):
        with asker(locked) as student:
            assert student.get(made["url"].removeprefix(locked.url)).status_code == 303
            assert student.get("/api/runs").status_code == 200
            assert 'data-role="viewer"' in student.get("/").text
            assert student.post("/api/runs", json={}, headers={"Origin": locked.url}).status_code == 403


def test_B6_no_token_is_in_a_log_an_answer_or_a_command_line(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.fakes.locked import *\n"
        f"with locked_server(Path({str(tmp_path)!r})) as live:\n"
        "    def broken(*_): raise KeyError('broken on purpose')\n"
        "    live.app.state.conductor.journal.page = broken\n"
        "    token = keys(live).controller\n"
        "    told = live.http.get(f'/api/runs?filter={token}', headers={'Referer': f'{live.url}/?t={token}'})\n"
        "    plain = live.http.get('/api/runs', headers={'Referer': f'{live.url}/?t={token}'})\n"
        "    assert plain.status_code == 500, plain.text\n"
        "    for worker in live.launcher.started.values(): pass\n"
        "    assert token not in plain.text\n"
        "    assert token not in repr(live.app.state.settings)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "broken on purpose" in done.stderr, "the log has the mistake"
    kept = read_keys(tmp_path)
    assert kept is not None
    assert not [token for token in (kept.controller, kept.viewer) if token in done.stdout + done.stderr]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if kept.controller.encode() in path.read_bytes()] == [FILE]


def test_B6_the_file_of_tokens_is_for_its_owner_alone(locked: Live) -> None:
    assert (locked.data_dir / FILE).stat().st_mode & 0o777 == 0o600


def test_B7_new_tokens_shut_out_cookies_scripts_and_sockets(tmp_path: Path) -> None:
    with locked_server(tmp_path) as live, browser_of(live, "controller") as old:
        link = live.app.state.door.link("viewer")
        assert old.get("/api/runs").status_code == 200
        cookie = "; ".join(f"{name}={value}" for name, value in old.cookies.items())
        with live.viewer(additional_headers={"Cookie": cookie}, origin=live.url) as viewer:
            viewer.until(lambda frame: frame["kind"] == "hello")
            assert live.http.delete("/api/links").status_code == 204
            with pytest.raises(ConnectionClosed) as closed:
                viewer.until(lambda frame: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        assert old.get("/api/runs").status_code == 401
        assert live.http.get("/api/runs").status_code == 401
        with asker(live) as late:
            assert late.get(link.removeprefix(live.url)).status_code == 401
        with asker(live, "controller") as new:
            assert new.get("/api/runs").status_code == 200
        assert read_keys(tmp_path) == keys(live)


def test_B7_a_restart_keeps_cookies_and_one_with_new_tokens_does_not(tmp_path: Path) -> None:
    def door(**more: object) -> Door:
        opened = Door(Settings(data_dir=tmp_path, **more))  # type: ignore[arg-type]
        opened.load()
        return opened

    first = door()
    assert door().keys == first.keys
    assert door(new_token=True).keys.role_of_cookie(first.keys.cookie("controller")) is None
    fixed = door(token="a-token-of-my-own-choice")
    assert fixed.keys.role_of_token("a-token-of-my-own-choice") == "controller"
    (tmp_path / FILE).write_text("{")
    assert len(door().keys.controller) >= 43, "a damaged file is no reason to let nobody in"


def test_B9_what_a_proxy_says_of_others_changes_nothing(locked: Live) -> None:
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "https",
              "Forwarded": "for=127.0.0.1;host=localhost;proto=https"}  # fmt: skip
    for headers in ({}, bearer(locked, "viewer"), bearer(locked, "controller")):
        with asker(locked) as somebody:
            plain = somebody.get("/api/runs", headers=headers)
            told = somebody.get("/api/runs", headers={**headers, **forged})
        left = [{k: v for k, v in answer.headers.items() if k != "date"} for answer in (plain, told)]
        assert (plain.status_code, plain.content, left[0]) == (told.status_code, told.content, left[1])


def test_B10_a_viewers_commands_over_the_socket_are_forbidden_and_change_nothing(locked: Live) -> None:
    run = locked.start(training={"updates": 1_000_000})
    locked.reach(run, "running")
    before = locked.run(run)["params_version"]
    with locked.viewer(additional_headers=bearer(locked, "viewer")) as viewer:
        viewer.say(type="subscribe", run=run, after=None)
        viewer.until(lambda frame: frame["kind"] == "subscribed")
        command = {"type": "set_parameters", "parameters": {"k_top": 1}, "command_id": "c1"}
        viewer.say(type="command", run=run, command=command)
        told = viewer.until(lambda frame: frame["kind"] == "rejected")
        assert (told["command_id"], told["problem"]["title"], told["problem"]["status"]) == ("c1", "Forbidden", 403)
    assert locked.run(run)["params_version"] == before
    with locked.viewer(additional_headers=bearer(locked, "controller")) as controller:
        controller.say(type="command", run=run, command=command)
        controller.until(lambda frame: frame["kind"] == "accepted")
    eventually(lambda: locked.run(run)["params_version"] > before)
    locked.command(run, "stop")


def test_B10_a_viewer_probes(locked: Live) -> None:
    with browser_of(locked, "viewer") as viewer:
        answer = viewer.post("/api/probe", json={"preset": "copy", "k_top": 1})
        assert answer.status_code == 200, answer.text


def test_B2_a_socket_opens_for_a_token_or_for_a_cookie_with_an_origin(locked: Live) -> None:
    with browser_of(locked, "controller") as browser:
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with locked.viewer(additional_headers=bearer(locked, "controller")) as script:
        assert script.next()["kind"] == "hello"
    with locked.viewer(additional_headers={"Cookie": cookie}, origin=locked.url) as page:
        assert page.next()["kind"] == "hello"
    for headers, status in (({}, 401), ({"Cookie": cookie}, 403), ({"Authorization": "Bearer wrong"}, 401)):
        with pytest.raises(InvalidStatus) as refused:
            locked.viewer(additional_headers=headers)
        assert refused.value.response.status_code == status
