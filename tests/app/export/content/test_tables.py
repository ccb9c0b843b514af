"""Tables hold the numbers of a panel, in the columns that the page writes too."""

from __future__ import annotations

from sab_visualiser.app.export.content.tables import make_table
from sab_visualiser.model.contract import HEALTH
from tests.app.export.traces import f32, made_up, metrics


def _rows(panel: str, data: object) -> list[tuple[object, ...]]:
    table = make_table(panel, data)  # type: ignore[arg-type]
    return list(zip(*(column.cells for column in table.columns), strict=True))


def _names(panel: str, data: object) -> list[str]:
    return [column.name for column in make_table(panel, data).columns]  # type: ignore[arg-type]


def test_attention_has_one_row_per_chosen_memory_with_zeros_and_nulls_kept_apart() -> None:
    trace = made_up()
    assert _names("attention", trace) == ["reader", "source", "weight"]
    attention = trace["attention"]
    assert _rows("attention", trace) == list(
        zip(attention["reader"], attention["source"], attention["weight"], strict=True)
    )
    weights = [row[2] for row in _rows("attention", trace)]
    assert 0.0 in weights
    assert None in weights


def test_gradients_have_one_row_per_step_and_an_empty_column_for_a_rule_that_was_not_asked() -> None:
    trace = made_up()
    del trace["gradient_norm"]["full"]
    assert _names("gradients", trace) == ["step", "sab", "truncated", "full"]
    rows = _rows("gradients", trace)
    assert [row[0] for row in rows] == list(range(30))
    assert all(row[3] is None for row in rows)
    assert rows[3][1] == trace["gradient_norm"]["sab"][3]


def test_gradients_of_c_are_other_numbers_under_other_names() -> None:
    trace = made_up(cell=True)
    assert _names("gradients", trace) == ["step", "sab_cell", "truncated_cell", "full_cell"]
    rows = _rows("gradients", trace)
    assert [row[1] for row in rows] == trace["gradient_norm_cell"]["sab"] != trace["gradient_norm"]["sab"]
    assert all(row[2] is None for row in rows), "a rule that was not asked"


def test_paths_have_one_row_per_hop_with_the_credit_of_its_edge_and_the_strength_of_its_path() -> None:
    trace = made_up()
    assert _names("paths", trace) == ["path", "hop", "kind", "reader", "source", "credit", "strength"]
    edges = {(e["kind"], e["reader"], e["source"]): e["credit"] for e in trace["edges"]}
    rows = _rows("paths", trace)
    assert [row[:2] for row in rows] == [(1, 1), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2)]
    for path, _, kind, reader, source, credit, strength in rows:
        assert isinstance(path, int)
        assert strength == trace["paths"][path - 1]["strength"]
        assert credit == edges[kind, reader, source]


def test_paths_of_a_trace_without_any_are_an_empty_table_with_all_columns() -> None:
    assert len(_names("paths", made_up(paths=[]))) == 7
    assert _rows("paths", made_up(paths=[])) == []


def test_curves_put_metrics_in_alphabetical_order_after_the_fixed_columns() -> None:
    assert _names("curves", metrics()) == [
        "update",
        "loss",
        "gradient_norm",
        "learning_rate",
        "skipped",
        "accuracy",
        "ce",
    ]
    rows = _rows("curves", metrics())
    assert rows[1][:3] == (2, None, None)
    assert rows[0][5:] == (0.0, 2.0)


def test_health_has_one_row_a_look_and_fresh_examples_where_they_were_due() -> None:
    assert _names("health", metrics()) == ["update", *HEALTH, "fresh_accuracy", "fresh_loss"]
    columns = dict(zip(_names("health", metrics()), zip(*_rows("health", metrics()), strict=True), strict=True))
    assert columns["update"] == (0, 2, 3)
    assert columns["fresh_accuracy"] == (None, 0.75, None)
    assert columns["norm_p99"] == (None, 3.0, None), "nothing to measure, and not finite"
    assert columns["dead"] == (f32(0.1), 0.25, 0.5)
