// What is said of a trace, made from app/export/story/claims.py: change that, then run `make generated`.

/** @typedef {{name: string, when: readonly string[], say: string}} Claim */

/** @type {readonly Claim[]} */
export const TITLE = [
  {"name": "whole loss", "when": ["whole"], "say": "The loss of the whole sequence: which steps does its gradient reach?"},
  {"name": "no target", "when": ["!target"], "say": "Step {step} has no target, so there is no loss to follow back."},
  {"name": "no answer", "when": ["!finite"], "say": "At step {step} the network says no finite number."},
  {"name": "sum", "when": ["adds", "right"], "say": "At step {step} it says {says}: steps {sources} add up to {wanted}."},
  {"name": "sum missed", "when": ["adds"], "say": "At step {step} it says {says}, but steps {sources} add up to {wanted}."},
  {"name": "no true source", "when": ["!known"], "say": "The loss at step {step}, where the network says {says}."},
  {"name": "right like all", "when": ["right", "monotone"], "say": "At step {step} it says “{says}”, as at every answer: right here."},
  {"name": "repeats", "when": ["right", "strongest"], "say": "At step {step} the network repeats the {what} of step {source}."},
  {"name": "right", "when": ["right"], "say": "At step {step} the network says “{says}”, the {what} of step {source}."},
  {"name": "wrong like all", "when": ["monotone"], "say": "At step {step} it says “{says}”, as at every answer, not “{wanted}” of step {source}."},
  {"name": "wrong", "when": [], "say": "At step {step} it should say “{wanted}” of step {source}, but says “{says}”."},
];

/** @type {readonly Claim[]} */
export const QUESTION = [
  {"name": "asked already", "when": ["whole"], "say": ""},
  {"name": "nothing asked", "when": ["!target"], "say": ""},
  {"name": "no blame", "when": ["!blamed"], "say": "Its loss sends no gradient back."},
  {"name": "which steps", "when": ["!skip_credit"], "say": "Which steps get the blame?"},
  {"name": "what carried", "when": [], "say": "What carried the blame back?"},
];

/** @type {readonly Claim[]} */
export const CARRIED = [
  {"name": "whole loss", "when": ["whole"], "say": ""},
  {"name": "no blame", "when": ["!blamed"], "say": ""},
  {"name": "never reads, cut", "when": ["never_reads", "cut"], "say": "Method {method} has no memories: credit walks back step by step, until a cut."},
  {"name": "never reads", "when": ["never_reads"], "say": "Method {method} has no memories: credit walks back step by step."},
  {"name": "nothing read, cut", "when": ["unread", "cut"], "say": "{unread}: no written memory is read, so SAB is truncated backpropagation now."},
  {"name": "nothing read", "when": ["unread"], "say": "{unread}: no written memory is read and no cut is met, so all rules are full backpropagation."},
  {"name": "one among unknown", "when": ["one", "read", "odd"], "say": "One hop: {hops}; other weights are not finite."},
  {"name": "one below 0", "when": ["one", "read", "below"], "say": "One hop: {hops}; none of its weights is above 0."},
  {"name": "one strongest", "when": ["one", "read", "best"], "say": "One hop: {hops}, its strongest reading."},
  {"name": "one tied", "when": ["one", "read", "tied"], "say": "One hop: {hops}; another reading is as strong."},
  {"name": "one of several", "when": ["top_wanted"], "say": "One hop: {hops}; most of all it read {top}, a true source as well."},
  {"name": "one weaker", "when": ["one", "read"], "say": "One hop: {hops}, yet most of all {top}."},
  {"name": "one threshold", "when": ["one"], "say": "One hop over a threshold memory: {hops}."},
  {"name": "several", "when": ["story"], "say": "{count} hops: {hops}."},
  {"name": "no memory", "when": ["!reads"], "say": "Step {step} reads no memory."},
  {"name": "all zero", "when": ["all_zero"], "say": "Step {step} attends to no memory: all its weights are 0."},
  {"name": "empty memory", "when": ["rests", "!skip_credit"], "say": "Step {step} rests on the empty memory (weight {top_weight}), and no skip edge carries credit."},
  {"name": "no skip credit", "when": ["!skip_credit"], "say": "No skip edge carries credit."},
  {"name": "rests, misses", "when": ["known", "rests", "!into_source"], "say": "Step {step} rests on the empty memory (weight {top_weight}); no skip edge leads to the true source."},
  {"name": "misses", "when": ["known", "!into_source"], "say": "No skip edge leads to the true source."},
  {"name": "one hidden", "when": ["known", "one_hidden"], "say": "No path shown leads to the true source; 1 weaker is hidden."},
  {"name": "hidden", "when": ["known", "hidden"], "say": "No path shown leads to the true source; {paths_hidden} weaker ones are hidden."},
  {"name": "no path", "when": ["known"], "say": "No path takes a skip edge to the true source."},
  {"name": "no hop", "when": [], "say": "The paths shown take no skip edge."},
];

/** @type {readonly Claim[]} */
export const REACH = [
  {"name": "no rule", "when": ["!sab"], "say": ""},
  {"name": "no blame", "when": ["!blamed"], "say": ""},
  {"name": "truncated at once", "when": ["story", "at_once"], "say": "Truncated backpropagation reaches step {step} only: a cut falls right before it."},
  {"name": "truncated less", "when": ["story", "truncated", "less"], "say": "Truncated backpropagation reaches {reach_truncated} only."},
  {"name": "nothing cut", "when": ["story", "truncated", "!cut"], "say": "Truncated backpropagation reaches {reach_truncated} too: it meets no cut."},
  {"name": "truncated", "when": ["story", "truncated"], "say": "Truncated backpropagation reaches {reach_truncated}."},
  {"name": "own rule", "when": [], "say": "{own} reaches {reach_sab}."},
];
