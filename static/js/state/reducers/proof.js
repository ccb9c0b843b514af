// The self-proof: asked on demand, answered by the server, forgotten when another network comes into view.

/** @type {Proof} */
export const NO_PROOF = { status: "idle", asked: 0, answer: null, problem: null };

/**
 * @param {State} state
 * @param {ProofAction} action proof/ask · proof/answer {asked, answer} · proof/failed {asked, problem}
 * @returns {State}
 */
export function proof(state, action) {
  const { proof: before } = state;
  if (action.type === "proof/ask")
    return { ...state, proof: { ...before, status: "running", asked: before.asked + 1, problem: null } };
  if (before.status !== "running" || action.asked !== before.asked) return state;
  if (action.type === "proof/answer") return { ...state, proof: { ...before, status: "done", answer: action.answer } };
  return { ...state, proof: { ...before, status: "unavailable", answer: null, problem: action.problem } };
}
