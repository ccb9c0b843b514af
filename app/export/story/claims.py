"""Everything that the title of a view says of a trace, each sentence with the facts that it needs.

Of a place the first claim is taken whose facts hold: `name` must be true, `!name` must not. Words in braces are facts
too. Nobody else decides what is said: the page reads the same list (static/js/panels/story/claims.js is made from it),
the facts are counted by facts.py and facts.js, and a test recounts what each sentence asserts.
"""

from __future__ import annotations

from sab_visualiser.app.runs.words.say import Claim

TITLE = (
    Claim("whole loss", ("whole",), "The loss of the whole sequence: which steps does its gradient reach?"),
    Claim("no target", ("!target",), "Step {step} has no target, so there is no loss to follow back."),
    Claim("no answer", ("!finite",), "At step {step} the network says no finite number."),
    Claim("sum", ("adds", "right"), "At step {step} it says {says}: steps {sources} add up to {wanted}."),
    Claim("sum missed", ("adds",), "At step {step} it says {says}, but steps {sources} add up to {wanted}."),
    Claim("no true source", ("!known",), "The loss at step {step}, where the network says {says}."),
    Claim(
        "right like all",
        ("right", "monotone"),
        "At step {step} it says “{says}”, as at every answer: right here.",
    ),
    Claim("repeats", ("right", "strongest"), "At step {step} the network repeats the {what} of step {source}."),
    Claim("right", ("right",), "At step {step} the network says “{says}”, the {what} of step {source}."),
    Claim(
        "wrong like all",
        ("monotone",),
        "At step {step} it says “{says}”, as at every answer, not “{wanted}” of step {source}.",
    ),
    Claim("wrong", (), "At step {step} it should say “{wanted}” of step {source}, but says “{says}”."),
)
"""The first line, before the question."""

QUESTION = (
    Claim("asked already", ("whole",), ""),
    Claim("nothing asked", ("!target",), ""),
    Claim("no blame", ("!blamed",), "Its loss sends no gradient back."),
    Claim("which steps", ("!skip_credit",), "Which steps get the blame?"),
    Claim("what carried", (), "What carried the blame back?"),
)
"""What the picture answers."""

CARRIED = (
    Claim("whole loss", ("whole",), ""),
    Claim("no blame", ("!blamed",), ""),
    Claim(
        "never reads, cut",
        ("never_reads", "cut"),
        "Method {method} has no memories: credit walks back step by step, until a cut.",
    ),
    Claim("never reads", ("never_reads",), "Method {method} has no memories: credit walks back step by step."),
    Claim(
        "nothing read, cut",
        ("unread", "cut"),
        "{unread}: no written memory is read, so SAB is truncated backpropagation now.",
    ),
    Claim(
        "nothing read",
        ("unread",),
        "{unread}: no written memory is read and no cut is met, so all rules are full backpropagation.",
    ),
    Claim("one among unknown", ("one", "read", "odd"), "One hop: {hops}; other weights are not finite."),
    Claim("one below 0", ("one", "read", "below"), "One hop: {hops}; none of its weights is above 0."),
    Claim("one strongest", ("one", "read", "best"), "One hop: {hops}, its strongest reading."),
    Claim("one tied", ("one", "read", "tied"), "One hop: {hops}; another reading is as strong."),
    Claim(
        "one of several",
        ("top_wanted",),
        "One hop: {hops}; most of all it read {top}, a true source as well.",
    ),
    Claim("one weaker", ("one", "read"), "One hop: {hops}, yet most of all {top}."),
    Claim("one threshold", ("one",), "One hop over a threshold memory: {hops}."),
    Claim("several", ("story",), "{count} hops: {hops}."),
    Claim("no memory", ("!reads",), "Step {step} reads no memory."),
    Claim("all zero", ("all_zero",), "Step {step} attends to no memory: all its weights are 0."),
    Claim(
        "empty memory",
        ("rests", "!skip_credit"),
        "Step {step} rests on the empty memory (weight {top_weight}), and no skip edge carries credit.",
    ),
    Claim("no skip credit", ("!skip_credit",), "No skip edge carries credit."),
    Claim(
        "rests, misses",
        ("known", "rests", "!into_source"),
        "Step {step} rests on the empty memory (weight {top_weight}); no skip edge leads to the true source.",
    ),
    Claim("misses", ("known", "!into_source"), "No skip edge leads to the true source."),
    Claim("one hidden", ("known", "one_hidden"), "No path shown leads to the true source; 1 weaker is hidden."),
    Claim(
        "hidden", ("known", "hidden"), "No path shown leads to the true source; {paths_hidden} weaker ones are hidden."
    ),
    Claim("no path", ("known",), "No path takes a skip edge to the true source."),
    Claim("no hop", (), "The paths shown take no skip edge."),
)
"""How credit came back from one step's loss."""

REACH = (
    Claim("no rule", ("!sab",), ""),
    Claim("no blame", ("!blamed",), ""),
    Claim(
        "truncated at once",
        ("story", "at_once"),
        "Truncated backpropagation reaches step {step} only: a cut falls right before it.",
    ),
    Claim(
        "truncated less", ("story", "truncated", "less"), "Truncated backpropagation reaches {reach_truncated} only."
    ),
    Claim(
        "nothing cut",
        ("story", "truncated", "!cut"),
        "Truncated backpropagation reaches {reach_truncated} too: it meets no cut.",
    ),
    Claim("truncated", ("story", "truncated"), "Truncated backpropagation reaches {reach_truncated}."),
    Claim("own rule", (), "{own} reaches {reach_sab}."),
)
"""Which steps have a gradient."""
