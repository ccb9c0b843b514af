"""Feature 16: every panel as SVG, PNG, CSV and JSON, captions with config and seed, one page that works offline."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import LiveServer
from tests.e2e.steps import OPENING, opened, probe

DRAWN = ("attention", "gradients", "paths", "sequence")


def download(page: Page, panel: str, kind: str) -> bytes:
    """Use the page's Export dialog."""
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.locator("#export-dialog")
    dialog.locator("select[name=panel]").select_option(panel)
    dialog.locator("select[name=format]").select_option(kind)
    # The settings would be a second file.
    beside = dialog.get_by_role("checkbox", name="settings beside it, as JSON")
    if beside.is_visible():
        beside.uncheck()
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
    command = [
        sys.executable,
        "-m",
        "sab_visualiser.app.cli",
        "export",
        "copy",
        "--panel",
        panel,
        "--format",
        "csv",
        "-o",
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    from_command = rows_of(out.read_bytes())
    assert len(from_page) > 2
    assert from_page == from_api
    assert from_page[0] == from_command[0]
    # The page shows the picture that came with the preset; the command line computes it anew in float32.
    for left, right in zip(from_page[1:], from_command[1:], strict=True):
        for a, b in zip(left, right, strict=True):
            assert a == b or float(a) == pytest.approx(float(b), rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("kind", "magic"),
    [
        ("png", b"\x89PNG"),
        ("screen-png", b"\x89PNG"),
        ("screen-svg", b"<svg"),
        ("html", b"<!"),
        ("npz", b"PK"),
        pytest.param(
            "parquet",
            b"PAR1",
            marks=pytest.mark.skipif(
                find_spec("pyarrow") is None, reason="pyarrow is not installed: the extra [parquet]"
            ),
        ),
    ],
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


@pytest.mark.parametrize("panel", DRAWN)
def test_every_figure_is_a_picture_with_its_configuration_and_seed_below(
    page: Page, server: LiveServer, panel: str
) -> None:
    opened(page, server)
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-state", "live", timeout=15_000)
    assert download(page, panel, "screen-png").startswith(b"\x89PNG")
    drawing = download(page, panel, "screen-svg").decode()
    for word in (
        "copy T=30",
        f"seed {OPENING['seed']}",
        "k_top 5",
        "k_trunc 5",
        "k_att 1",
        "example 0",
        "loss step 40",
    ):
        assert word in drawing, word
    assert "var(--" not in drawing
    assert "://" not in drawing.replace("http://www.w3.org/", "")


def test_the_picture_of_the_sequence_brings_its_look_along(page: Page, server: LiveServer, browser: Browser) -> None:
    opened(page, server)
    drawing = download(page, "sequence", "screen-svg").decode()
    alone = browser.new_page()
    alone.set_content(drawing)
    fills = "[...document.querySelectorAll('.cell, .letter')].map(shape => getComputedStyle(shape).fill)"
    assert alone.evaluate(fills) == page.evaluate(
        fills.replace("document.", "document.querySelector('[data-testid=sequence-strip]').")
    )
    alone.close()


@pytest.mark.parametrize("panel", ["sequence", "step"])
def test_panels_that_only_the_page_has_give_the_numbers_of_the_api(page: Page, server: LiveServer, panel: str) -> None:
    opened(page, server)
    trace = probe(server, loss_step=40)
    found = json.loads(download(page, panel, "json"))
    lines = download(page, panel, "csv").decode().splitlines()
    assert f"# seed: {OPENING['seed']}" in lines
    assert found["caption"]["config"]["task"]["T"] == 30
    columns = found["columns"]
    assert rows_of(download(page, panel, "csv"))[0] == list(columns)
    if panel == "sequence":
        assert columns["loss"] == trace["loss_T"]
        assert columns["target"] == trace["targets"]
    else:
        credit = {e["source"]: e["credit"] for e in trace["edges"] if e["kind"] == "skip" and e["reader"] == 40}
        assert dict(zip(columns["source"], columns["credit"], strict=True)) == credit


def test_the_picture_of_a_step_has_its_readings_as_bars_and_its_numbers(page: Page, server: LiveServer) -> None:
    opened(page, server)
    assert download(page, "step", "screen-png").startswith(b"\x89PNG")
    drawing = download(page, "step", "screen-svg").decode()
    trace = probe(server, loss_step=40)
    read = {
        source: weight
        for reader, source, weight in zip(
            *(trace["attention"][key] for key in ("reader", "source", "weight")), strict=True
        )
        if reader == 40
    }
    # The threshold memory is read with weight 0 and gets credit, so it stands there too.
    read |= {edge["source"]: 0.0 for edge in trace["edges"] if edge["reader"] == 40 and not edge["chosen"]}
    bars = dict(re.findall(r'data-weight="(-?\d+)"[^>]*? width="([\d.]+)"', drawing))
    assert set(bars) == {str(source) for source in read}
    widest = max(read, key=lambda source: read[source])
    for source, weight in read.items():
        share = float(bars[str(source)]) / float(bars[str(widest)])
        assert share == pytest.approx(weight / read[widest], abs=1e-3)
    for word in ("Step 40", "true source", f"seed {OPENING['seed']}", "k_top 5"):
        assert word in drawing, word


def test_a_panel_offers_only_the_formats_that_it_has(page: Page, server: LiveServer) -> None:
    opened(page, server)
    page.get_by_role("button", name="More: This step").click()
    page.locator("#panel-menu").get_by_role("button", name="Export…").click()
    dialog = page.locator("#export-dialog")
    expect(dialog.locator("select[name=panel]")).to_have_value("step")
    offered = "all => all.filter(option => !option.disabled).map(option => option.value)"
    assert dialog.locator("select[name=format] option").evaluate_all(offered) == [
        *("screen-png", "screen-svg"),
        *("csv", "json"),
    ]
    assert "overview" not in dialog.locator("select[name=panel] option").evaluate_all(offered), "only long ones have it"
    dialog.locator("select[name=panel]").select_option("view")
    assert dialog.locator("select[name=format] option").evaluate_all(offered) == ["html"]


def test_an_earlier_update_of_a_preset_is_exported_by_the_server_as_the_page_shows_it(
    page: Page, server: LiveServer
) -> None:
    opened(page, server, "/#preset=copy&update=0")
    expect(page.get_by_test_id("gradient-norms")).to_have_attribute("data-update", "0", timeout=15_000)
    shown = json.loads(download(page, "gradients", "json"))
    asked = json.loads(server.get("/api/export?preset=copy&panel=gradients&format=json&update=0"))
    assert shown["columns"] == asked["columns"]
    assert download(page, "gradients", "npz").startswith(b"PK")


def test_the_address_of_the_whole_view_refuses_another_format(server: LiveServer, page: Page) -> None:
    answer = page.request.get(f"{server.url}/api/export?preset=copy&panel=view&format=csv")
    assert answer.status == 422
    assert "the whole view is html" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ("curves", "there are no curves yet: press Train"),
        ("health", "nobody has looked at a training yet"),
        ("proof", "nothing was measured yet: press Prove it"),
        ("runs", "there are no runs yet: press Train"),
    ],
)
def test_what_is_not_there_yet_says_so_where_download_would_be(
    page: Page, server: LiveServer, panel: str, words: str
) -> None:
    opened(page, server, "/#preset=adding-50")
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.locator("#export-dialog")
    dialog.locator("select[name=panel]").select_option(panel)
    expect(dialog).to_contain_text(words)
    expect(dialog.get_by_role("button", name="Download")).to_be_hidden()
    dialog.locator("select[name=panel]").select_option("paths")
    expect(dialog.get_by_role("button", name="Download")).to_be_visible()
    expect(dialog).not_to_contain_text(words)
