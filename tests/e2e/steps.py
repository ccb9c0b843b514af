"""What many browser tests do: open the page, ask the API the same question, read off the drawn edges."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Locator, Page, expect

from sab_visualiser.app.page.files import page_folder
from sab_visualiser.app.web.messages.answers import FRAMES
from sab_visualiser.app.wire.codec import decode
from tests.e2e.conftest import LiveServer
from tests.fakes.server import eventually

OPENING: dict[str, Any] = json.loads((page_folder() / "static" / "presets" / "copy.json").read_text(encoding="utf-8"))
"""Facts of the network of the first visit."""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
STILL = """async element => {
  const read = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  };
  let box = read();
  for (let same = 0; same < 10; ) {
    await new Promise(requestAnimationFrame);
    const next = read();
    same = JSON.stringify(next) === JSON.stringify(box) ? same + 1 : 0;
    box = next;
  }
  return box;
}"""
PANELS = (
    "sequence-strip",
    "attention",
    "gradient-norms",
    "paths",
    "curves",
    "step-detail",
    "controls",
    "runs",
)


def probe(server: LiveServer, **fields: Any) -> dict[str, Any]:
    """The API's answer to what the page asks."""
    found: dict[str, Any] = json.loads(_asked(server, "application/json", fields))
    return found


def probe_frame(server: LiveServer, **fields: Any) -> dict[str, Any]:
    """The same answer as the bytes that the page itself asks for, unpacked as a frame."""
    return decode(_asked(server, FRAMES, fields))


def _asked(server: LiveServer, accept: str, fields: dict[str, Any]) -> bytes:
    body = json.dumps({"preset": "copy", **fields}).encode()
    headers = {"content-type": "application/json", "accept": accept}
    with urllib.request.urlopen(urllib.request.Request(server.url + "/api/probe", body, headers), timeout=30) as answer:
        content: bytes = answer.read()
    return content


def opened(page: Page, server: LiveServer, path: str = "/") -> Page:
    page.goto(server.url + path)
    page.locator("path[data-kind=skip]").first.wait_for(state="attached")
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=15_000)
    return page


def still_box(located: Locator) -> dict[str, float]:
    """Where an element is in the window, in CSS px, once it has stood still for ten frames.

    A panel that grows above it while a test computes where to press moves it away from under the pointer.
    """
    box: dict[str, float] = located.evaluate(STILL)
    return box


def printed(text: str) -> float:
    """A number as the page prints it: `1.83·10⁻⁴`, `0 exactly`."""
    return 0.0 if text == "0 exactly" else float(text.replace("·10", "e").translate(SUPERSCRIPTS))


def listed_runs(page: Page) -> list[str]:
    """Ids of the runs that the page lists."""
    found: list[str] = page.locator("li[data-run]").evaluate_all("items => items.map(item => item.dataset.run)")
    return found


def at_rest(page: Page, server: LiveServer) -> int:
    """The update that the newest run was paused at, once the picture is of that update."""
    run = listed_runs(page)[0]
    strip = page.get_by_test_id("sequence-strip")

    eventually(lambda: strip.get_attribute("data-update") == str(json.loads(server.get(f"/api/runs/{run}"))["update"]))
    return int(strip.get_attribute("data-update") or "-1")


def leave_and_delete(page: Page, server: LiveServer, *runs: str) -> None:
    """Delete runs behind the page's back: it is left first, else it asks on for what is gone and logs a 404."""
    page.goto("about:blank")
    for run in runs:
        page.request.delete(f"{server.url}/api/runs/{run}", headers={"origin": server.url})


def drawn_edges(page: Page, kind: str) -> set[tuple[int, int]]:
    pairs = page.locator(f"path[data-kind={kind}]").evaluate_all(
        "paths => paths.map(p => [Number(p.dataset.reader), Number(p.dataset.source)])"
    )
    return {(reader, source) for reader, source in pairs}


def edges_of_paths(trace: dict[str, Any], kind: str) -> set[tuple[int, int]]:
    return {
        (reader, source)
        for path in trace["paths"]
        for reader, source, edge in zip(path["steps"], path["steps"][1:], path["kinds"], strict=False)
        if edge == kind
    }


def weight_of(trace: dict[str, Any], reader: int, source: int) -> float:
    """The weight that the API gives to a reading."""
    attention = trace["attention"]
    found = zip(attention["reader"], attention["source"], attention["weight"], strict=True)
    return float(next(weight for r, s, weight in found if (r, s) == (reader, source)))
