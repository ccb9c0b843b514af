"""C15: a server that is killed under an open page and started again; the page stays where it is and goes on."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import free_port
from tests.fakes.server import in_process

LONG_MS = 20_000


def test_C15_an_open_page_finds_its_run_again_after_a_restart_and_goes_on_with_it(
    browser: Browser, tmp_path: Path
) -> None:
    port = str(free_port())
    page = browser.new_page()
    with in_process(tmp_path, "--port", port) as live:
        assert live.process is not None
        run = live.start(name="carried on", training={"updates": 1_000_000})
        live.reach(run, "running", update=3)
        live.command(run, "checkpoint")
        page.goto(f"{live.url}/#run={run}")
        row, status = page.locator(f"li[data-run='{run}']"), page.get_by_role("status")
        expect(row).to_have_attribute("data-status", "running", timeout=LONG_MS)
        page.evaluate("() => { window.unloaded = 'never'; }")
        live.process.kill()
        live.process.wait()
        expect(status).to_contain_text("does not answer", timeout=LONG_MS)
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_disabled()
        expect(page.locator("input[name=k_top]").first).to_be_disabled()
    with in_process(tmp_path, "--port", port) as live:
        expect(row).to_have_attribute("data-status", "interrupted", timeout=LONG_MS)
        assert f"run={run}" in page.evaluate("location.hash")
        resume = page.get_by_role("button", name="Resume", exact=True).first
        expect(resume).to_be_enabled(timeout=LONG_MS)
        resume.click()
        expect(row).to_have_attribute("data-status", "running", timeout=LONG_MS)
        assert live.reach(run, "running", update=5)["attempt"] == 1
        expect(page.locator("input[name=k_top]").first).to_be_enabled()
        assert page.evaluate("window.unloaded") == "never", "nobody had to load it again"
    page.close()
