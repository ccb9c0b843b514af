"""What one sees, what the API gives and what the command line writes are the same numbers."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import LiveServer
from tests.e2e.test_first_visit import opened


def download(page: Page, panel: str, kind: str) -> bytes:
    """Use the page's Export dialog."""
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.locator("#export-dialog")
    dialog.locator("select[name=panel]").select_option(panel)
    dialog.locator("select[name=format]").select_option(kind)
    with page.expect_download(timeout=30_000) as caught:
        dialog.get_by_role("button", name="Download").click()
    content = Path(caught.value.path()).read_bytes()
    if dialog.get_attribute("open") is not None:
        dialog.get_by_role("button", name="Close").click()
    return content


def rows_of(content: bytes) -> list[list[str]]:
    lines = [line for line in content.decode().splitlines() if not line.startswith("#")]
    return list(csv.reader(io.StringIO("\n".join(lines))))


@pytest.mark.parametrize("panel", ["attention", "gradients", "paths"])
def test_the_csv_of_page_api_and_command_line_hold_equal_numbers(
    page: Page, server: LiveServer, tmp_path: Path, panel: str
) -> None:
    opened(page, server)
    from_page = rows_of(download(page, panel, "csv"))
    from_api = rows_of(server.get(f"/api/export?preset=copy&panel={panel}&format=csv&loss_step=40"))
    out = tmp_path / f"{panel}.csv"
    command = [sys.executable, "-m", "app.cli", "export", "copy", "--panel", panel, "--format", "csv", "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    from_command = rows_of(out.read_bytes())
    assert len(from_page) > 2
    assert from_page == from_api
    assert from_page[0] == from_command[0]
    for left, right in zip(from_page[1:], from_command[1:], strict=True):
        for a, b in zip(left, right, strict=True):
            assert a == b or float(a) == pytest.approx(float(b), rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("kind", "magic"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF"), ("html", b"<!"), ("npz", b"PK")]
)
def test_every_format_downloads_as_what_it_says(page: Page, server: LiveServer, kind: str, magic: bytes) -> None:
    opened(page, server)
    content = download(page, "attention", kind)
    assert magic.lower() in content[:300].lower()
    assert len(content) > 1000


def test_the_json_of_the_page_re_reads_equal_to_the_api(page: Page, server: LiveServer) -> None:
    opened(page, server)
    ours = json.loads(download(page, "gradients", "json"))
    theirs = json.loads(server.get("/api/export?preset=copy&panel=gradients&format=json&loss_step=40"))
    assert len(theirs["columns"]["step"]) == 50
    assert ours["columns"] == theirs["columns"]
