// What is shown, and how fresh it is: the trace behind each panel, exact, previewed or waited for. Pure.

import { PROBE_KNOBS } from "../wire/contract.js";
import { canAsk } from "./selectors/history.js";
import { lastingPreview, previewTrace } from "./selectors/preview.js";
import { isLive, baseTrace, wantedProbe, probeKey, isOf } from "./selectors.js";

/**
 * The trace behind strip, arcs and gradients, and how fresh it is.
 * @param {State} state
 * @returns {{trace: Trace | null, state: PanelState}}
 */
export function story(state) {
  if (state.walk) return { trace: state.walk.trace, state: "live" };
  const shown = known(state);
  return shown.trace ? previewed(state, shown.trace, shown.state) : shown;
}

/** @type {{trace: Trace | null, key: string, shown: Trace | null}} one answer is kept, so that it keeps its identity */
let lastPreview = { trace: null, key: "", shown: null };

/**
 * While a knob moves, or its exact answer is under way (also between the acknowledgement and the next snapshot):
 * what can be known without the server.
 * @param {State} state
 * @param {Trace} trace
 * @param {PanelState} freshness
 * @returns {{trace: Trace, state: PanelState}}
 */
function previewed(state, trace, freshness) {
  const { moving, pending, override } = state.knobs;
  const inForce = state.follow ? state.run?.parameters : {};
  const waiting = Object.fromEntries(Object.entries(pending).map(([name, knob]) => [name, knob.value]));
  const asked = { ...(isLive(state) ? waiting : override), ...moving };
  const knobs = { ...(isLive(state) ? inForce : {}), ...asked };
  const changed = PROBE_KNOBS.filter(
    (name) => knobs[name] !== undefined && knobs[name] !== (trace.parameters[name] ?? 0),
  );
  // Where the network cannot be asked, no exact answer will come: a recording shows what can be known without one.
  const lasting = !canAsk(state) || (state.recorded !== null && freshness === "error");
  const given = (lasting || freshness === "error") && !state.recorded;
  if (changed.length === 0 || given || !isOf(state.target, trace)) return { trace, state: freshness };
  const turned = Object.fromEntries(changed.map((name) => [name, knobs[name]]));
  const key = JSON.stringify([lasting, turned]);
  if (lastPreview.trace !== trace || lastPreview.key !== key) {
    const shown = previewTrace(trace, turned);
    lastPreview = { trace, key, shown: shown && lasting ? lastingPreview(shown, trace, turned) : shown };
  }
  // What only the server can know is not guessed: the last picture is dimmed until its answer is there.
  return lastPreview.shown
    ? { trace: lastPreview.shown, state: "preview" }
    : { trace, state: changed.some((name) => name in asked) ? "stale" : freshness };
}

/**
 * @param {State} state
 * @returns {{trace: Trace | null, state: PanelState}}
 */
function known(state) {
  const wanted = wantedProbe(state);
  const base = baseTrace(state);
  if (!wanted && base) return { trace: base, state: shownState(state, base) };
  const { probed, probe } = state;
  if (wanted && probed?.key === probeKey(wanted)) return { trace: probed.trace, state: "live" };
  const trace = (isOf(state.target, probed?.trace) ? probed?.trace : base) ?? probed?.trace ?? null;
  if (probe.problem && probe.failedKey === probeKey(wanted)) return { trace, state: "error" };
  if (!trace) return { trace, state: state.target && !wanted ? "empty" : "loading" };
  return { trace, state: "stale" };
}

/**
 * The trace behind the attention heatmap: it stays live while a probe of another loss step is under way.
 * @param {State} state
 * @returns {{trace: Trace | null, state: PanelState}}
 */
export function picture(state) {
  const base = baseTrace(state);
  const wanted = wantedProbe(state);
  const sameForward =
    !wanted ||
    (wanted.k_top === undefined &&
      wanted.k_att === undefined &&
      !wanted.knocked_out &&
      !wanted.inputs &&
      wanted.example === base?.example);
  if (base && sameForward) return previewed(state, base, shownState(state, base));
  const shown = story(state);
  if (
    shown.state === "stale" &&
    shown.trace &&
    wanted &&
    state.probed &&
    forward(state.probed.key) === forward(probeKey(wanted))
  ) {
    return { trace: shown.trace, state: "live" };
  }
  return shown;
}

/** What of a request changes the forward pass. @param {string | null} key */
function forward(key) {
  /** @type {Partial<ProbeRequest>} */
  const request = JSON.parse(key ?? "{}");
  const { loss_step: _step, share: _share, k_trunc: _cut, phase: _phase, cuts: _cuts, ...rest } = request;
  return JSON.stringify(rest);
}

/** @param {State} state @param {Trace} base @returns {PanelState} */
function shownState(state, base) {
  if (!state.follow && state.update !== null && base.update !== state.update) return "stale";
  return state.follow && isLive(state) && state.link.status === "lost" ? "stale" : "live";
}
