"""Feature 43: a run goes out as one file and comes back, chosen or dropped on the page, with everything it had."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, FilePayload, Page, expect

from tests.app.bundle.zips import forged
from tests.e2e.conftest import LiveServer, Watch
from tests.e2e.runs import call, look_at, make_run, wait_for
from tests.e2e.steps import still_box

DROP = """([name, content, let_go]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  const tell = (kind) => document.querySelector('[data-testid=attention]').dispatchEvent(
    new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  tell('dragover');
  if (let_go) tell('drop');
}"""


def hold(page: Page, name: str, content: bytes, *, let_go: bool = True) -> None:
    """Drag a file over the page, and let it go there."""
    page.evaluate(DROP, [name, base64.b64encode(content).decode(), let_go])


def downloaded(page: Page) -> Download:
    """What the button gives."""
    with page.expect_download(timeout=30_000) as caught:
        page.get_by_role("button", name="Download bundle").click()
    return caught.value


def finished(server: LiveServer, name: str) -> str:
    run = make_run(server, name, training={"updates": 40})
    wait_for(server, run, "finished")
    return run


def metrics(server: LiveServer, run: str) -> object:
    curves = call(server, "GET", f"/api/runs/{run}/metrics")
    return {name: column for name, column in curves.items() if name not in ("run", "seq")}


@pytest.mark.parametrize("way", ["dropped", "chosen"])
def test_a_downloaded_bundle_comes_back_as_a_run_in_view(page: Page, server: LiveServer, way: str) -> None:
    run = finished(server, f"there and back, {way}")
    look_at(page, server, f"run={run}")
    file = downloaded(page)
    assert file.suggested_filename == f"sab-{run}.zip"
    expect(page.get_by_role("status")).to_contain_text("bundle downloaded, newest weights of update 40")
    content = Path(file.path()).read_bytes()
    expected = metrics(server, run)
    call(server, "DELETE", f"/api/runs/{run}")
    look_at(page, server, "preset=copy")
    if way == "dropped":
        hold(page, "sab.zip", content)
    else:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Open bundle…").click()
        chooser.value.set_files({"name": "sab.zip", "mimeType": "application/zip", "buffer": content})
    row = page.locator("[data-testid=runs] li[data-run]", has_text=f"there and back, {way}")
    expect(row.locator("button.run")).to_have_attribute("aria-pressed", "true", timeout=30_000)
    expect(page.get_by_role("status")).to_contain_text(f"brought in “there and back, {way}”: finished at update 40")
    expect(page.get_by_test_id("curves")).to_have_attribute("data-update", "40", timeout=15_000)
    expect(page.get_by_test_id("attention")).to_have_attribute("data-state", "live", timeout=15_000)
    new = row.get_attribute("data-run")
    assert new is not None
    assert new != run
    assert metrics(server, new) == expected
    expect(page).to_have_url(re.compile(f"#run={new}"))


def test_a_file_held_over_the_page_is_told_where_to_go_and_the_page_stays(page: Page, server: LiveServer) -> None:
    look_at(page, server, "preset=copy")
    hold(page, "sab.zip", b"PK", let_go=False)
    expect(page.locator("#drop")).to_be_visible()
    held = still_box(page.locator("#drop"))
    assert (held["x"], held["y"]) == (12, 12)
    assert (held["width"], held["height"]) == (1280 - 24, 800 - 24)
    page.evaluate("window.dispatchEvent(new DragEvent('dragleave', { relatedTarget: null }))")
    expect(page.locator("#drop")).to_be_hidden()
    stays = page.evaluate("() => !window.dispatchEvent(new DragEvent('drop', { cancelable: true,"
                          " dataTransfer: (() => { const held = new DataTransfer();"
                          " held.items.add(new File(['x'], 'x.txt')); return held; })() }))")  # fmt: skip
    assert stays
    expect(page.locator("#alarm")).to_contain_text("x.txt: no .zip file")


def test_a_bundle_that_is_not_accepted_is_named_with_the_reason_and_nothing_is_lost(
    page: Page, server: LiveServer, watch: Watch
) -> None:
    run = finished(server, "stays in view")
    bundle = server.get(f"/api/runs/{run}/bundle")
    look_at(page, server, f"run={run}")
    alarm = page.locator("#alarm")
    bad = {
        "cut.zip": (bundle[: len(bundle) // 2], "cut short"),
        "newer.zip": (forged(bundle, {}, version=2, made_by="9.0"), "made by sab-visualiser 9.0"),
        "changed.zip": (forged(bundle, {"run.json": b"{}"}), "run.json"),
    }
    for name, (content, words) in bad.items():
        hold(page, name, content)
        expect(alarm).to_contain_text(f"{name}: bundle = ", timeout=15_000)
        expect(alarm).to_contain_text(words)
    listed = {each["id"] for each in call(server, "GET", "/api/runs")}
    assert page.locator(f"li[data-run='{run}'] button.run").get_attribute("aria-pressed") == "true"
    assert run in listed
    hold(page, "good.zip", bundle)
    expect(page.get_by_role("status")).to_contain_text("brought in “stays in view”", timeout=15_000)
    expect(alarm).to_be_hidden()
    assert len({each["id"] for each in call(server, "GET", "/api/runs")} - listed) == 1
    assert len(watch.errors) == len(bad)
    watch.errors[:] = [each for each in watch.errors if not each.endswith("/api/bundles")]


def test_several_bundles_are_brought_in_together_and_a_preset_offers_no_download(
    page: Page, server: LiveServer
) -> None:
    bundles = [server.get(f"/api/runs/{finished(server, name)}/bundle") for name in ("one", "two")]
    look_at(page, server, "preset=copy")
    expect(page.get_by_role("button", name="Download bundle")).to_be_hidden()
    before = {each["id"] for each in call(server, "GET", "/api/runs")}
    files: list[FilePayload] = [
        {"name": f"{n}.zip", "mimeType": "application/zip", "buffer": each} for n, each in enumerate(bundles)
    ]
    page.locator("#bundle-file").set_input_files(files)
    expect(page.get_by_role("status")).to_contain_text("brought in “two”", timeout=30_000)
    expect(page.get_by_role("button", name="Download bundle")).to_be_visible()
    came = [each for each in call(server, "GET", "/api/runs") if each["id"] not in before]
    assert [each["name"] for each in came] == ["two", "one"]
    assert all(each["note"].startswith("imported from the bundle of run") for each in came)
