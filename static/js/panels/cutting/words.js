// What phase 0 means, beside a phase that cannot be: a claim with the facts that it needs. Pure.

import { claim, say } from "../../draw/say.js";
import { knobsAt, scrubbed } from "../../state/selectors/history.js";
import { settingsInView } from "../../state/selectors/runs.js";

/** A training with a random phase has no place of its own for the cuts; other blocks than its own are not its cuts. */
export const PHASE = [
  claim("random", "random", "0 is one of the phases that training draws from"),
  claim("as training cuts", "fixed same_blocks", "0 cuts where training does"),
  claim("unknown", "", "0 leaves the blocks where they are"),
];

/** The remedy of a phase that cannot be. @param {State} state @param {Trace | null} trace */
export const phaseRemedy = (state, trace) => say(PHASE, phaseFacts(state, trace));

/** @param {State} state @param {Trace | null} trace @returns {import("../../draw/say.js").Facts} */
export function phaseFacts(state, trace) {
  const { model, training } = settingsInView(state)?.spec ?? {};
  const own = (state.run ? knobsAt(state, scrubbed(state) ?? state.run.update).k_trunc : null) ?? model?.k_trunc;
  const cuts = Boolean(own);
  return {
    random: cuts && training?.phase === "random",
    fixed: cuts && training?.phase === "fixed",
    same_blocks: trace !== null && trace.parameters.k_trunc === own,
  };
}
