"""What the tour says of each of its links is so: the API is asked what the link shows, and the page says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect

from sab_visualiser.app.export.story.headline import headline
from tests.e2e.conftest import LiveServer
from tests.e2e.steps import OPENING, opened, probe
from tests.e2e.test_feature_28_tour import STOPS, tour

Json = dict[str, Any]
Holds = Callable[[Json, Json], bool]
RULES = ("sab", "truncated", "full")


def right(trace: Json) -> bool:
    """Whether the loss step says what it should."""
    step = trace["loss_step"]
    return bool(trace["predictions"][step] == trace["targets"][step])


def weight(trace: Json, reader: int, source: int) -> float:
    """Weight on a memory, 0 where it is not chosen."""
    table = trace["attention"]
    rows = zip(table["reader"], table["source"], table["weight"], strict=True)
    return float(sum(w for r, s, w in rows if (r, s) == (reader, source)))


def arc(trace: Json, reader: int, source: int) -> bool:
    """Whether a shown path takes that skip edge."""
    return any(
        (a, b, kind) == (reader, source, "skip")
        for path in trace["paths"]
        for a, b, kind in zip(path["steps"], path["steps"][1:], path["kinds"], strict=False)
    )


def norm(trace: Json, rule: str, step: int) -> float:
    """Gradient norm of a rule at a step."""
    return float(trace["gradient_norm"][rule][step])


def hops_over_the_cut(trace: Json, plain: Json) -> bool:
    """Step 40 repeats step 0; the local gradient ends at the first cut, one arc jumps to the source."""
    return right(trace) and trace["true_sources"]["40"] == [0] and 39 in trace["cuts"] and arc(trace, 40, 0)


def walks_the_diagonal(trace: Json, plain: Json) -> bool:
    """Steps between symbols and marker rest on the empty memory, readers on theirs."""
    waits = all(weight(trace, step, -1) > 0.5 for step in range(10, 39))
    return waits and all(weight(trace, 40 + item, item) > 0.5 for item in range(10))


def zero_at_the_far_end(trace: Json, plain: Json) -> bool:
    """Without memories: no arc, exactly nothing at step 0, a wrong answer."""
    return not arc(trace, 40, 0) and norm(trace, "sab", 0) == 0 < norm(plain, "sab", 0) and not right(trace)


def reaches_back_to(step: int) -> Holds:
    """Rule truncated reaches from there to the loss step."""
    return lambda trace, plain: bool(trace["reach"]["truncated"] == [[step, 40]])


def all_but_truncated_are_one(trace: Json, plain: Json) -> bool:
    """Without cuts SAB is full; truncated lacks what comes through readings."""
    same = all(abs(norm(trace, "sab", s) - norm(trace, "full", s)) <= 1e-6 * norm(trace, "full", s) for s in range(40))
    return same and norm(trace, "truncated", 0) < norm(trace, "full", 0) / 100


def hits(trace: Json) -> int:
    """Readers that found their source."""
    return sum(bool(hit) for hit in trace["hits"].values())


SHOWN: dict[str, Holds] = {
    "step 40": lambda t, p: (
        hops_over_the_cut(t, p) and weight(t, 40, 0) == max(weight(t, 40, m) for m in t["memories"])
    ),
    "arc": lambda t, p: hops_over_the_cut(t, p) and norm(t, "sab", 0) > 0,
    "take the memories away": zero_at_the_far_end,
    "exactly zero": zero_at_the_far_end,
    "Give them back": lambda t, p: t == p,
    "knock out only the arc": lambda t, p: not right(t) and right(p),
    "blocks of 7 steps": reaches_back_to(34),
    "blocks of 10": reaches_back_to(39),
    "no cut at all": all_but_truncated_are_one,
    "step 45": lambda t, p: t["loss_step"] == 45 and right(t),
    "step 41": lambda t, p: weight(t, 41, 1) > 0.5 and walks_the_diagonal(t, p),
    "only every 5th step": lambda t, p: sum(item not in t["memories"] for item in range(10)) == 8 and hits(t) < hits(p),
    "released formula": lambda t, p: t["parameters"]["variant"] == "release" and hits(t) == 0,
    "the arc taken away": lambda t, p: t["predictions"][40] != p["predictions"][40],
    "put it back": lambda t, p: t == p,
    "another one": lambda t, p: t["example"] == 3 and t["inputs"] != p["inputs"],
    "hit rate": lambda t, p: len(t["hits"]) == 10 and p["hit_rate"] is not None,
    "update 0": lambda t, p: t["update"] == 0,
    "the last": lambda t, p: hits(t) == 10 and t["update"] == OPENING["update"],
    "try adding": lambda t, p: t["task"]["name"] == "adding",
}
"""Of each link, by what it says: whether its trace shows that; `plain` is the network as it opens."""


def asked(server: LiveServer, href: str) -> Json:
    """What the API answers to the view that a link spells."""
    view = dict(parse_qsl(href.removeprefix("#")))
    request: Json = {"preset": view["preset"]}
    request |= {name: int(view[name]) for name in ("k_top", "k_trunc", "k_att", "loss_step", "example") if name in view}
    if "ko" in view:
        request["knocked_out"] = [[int(end) for end in view["ko"].split("-")]]
    if "update" in view:
        # Only the newest weights of a preset can be asked; what it drew before is kept.
        kept: Json = json.loads(server.get(f"/api/presets/{view['preset']}/snapshots/{view['update']}"))
        return kept
    return probe(server, **request)


@pytest.mark.parametrize("stop", range(STOPS))
def test_each_link_shows_what_the_tour_says_of_it(page: Page, server: LiveServer, stop: int) -> None:
    page.emulate_media(reduced_motion="reduce")
    plain = probe(server)
    box = tour(page, server, stop)
    found = box.locator("a[href]").evaluate_all("links => links.map(link => [link.textContent, link.hash])")
    for place, (said, href) in enumerate(found):
        trace = asked(server, href)
        assert SHOWN[said](trace, plain), said
        box.locator("a[href]").nth(place).click()
        expect(page.locator("#headline")).to_have_text(headline(trace)[0], timeout=15_000)
        expect(page.locator("#answer")).to_have_text(headline(trace)[1], timeout=15_000)


def test_the_first_view_is_told_in_the_words_of_the_claims(page: Page, server: LiveServer) -> None:
    opened(page, server)
    title, answer = headline(probe(server))
    assert (page.locator("#headline").inner_text(), page.locator("#answer").inner_text()) == (title, answer)
