"""The gradient panel of an exported page."""

from __future__ import annotations

from sab_visualiser.app.export.page.draw.norms import legend
from tests.app.export.traces import made_up


def test_the_legend_names_the_rules_in_the_order_of_the_page_and_rule_sab_by_the_method() -> None:
    for method, own in (("sab", "SAB"), ("bptt", "BPTT")):
        trace = made_up()
        trace["parameters"]["method"] = method
        words = [said.split(" reaches ")[0] for _, said in legend(trace) if " reaches " in said]
        assert words == [own, "truncated", "full"]
