// The view as a short link: state → hash and back. Names are those of the API. Pure.

const SHARE = 0.95;
const KNOBS = /** @type {const} */ (["k_top", "k_trunc", "k_att"]);
const THEMES = ["auto", "light", "dark"];

/**
 * @param {State} state
 * @param {{theme?: boolean}} options whether the theme travels along
 * @returns {string} without the leading #
 */
export function toHash(state, { theme = false } = {}) {
  const out = new URLSearchParams();
  if (state.target) out.set(state.target.kind, state.target.id);
  if (!state.follow && state.update !== null) out.set("update", String(state.update));
  if (state.example !== 0) out.set("example", String(state.example));
  if (state.choice.whole) out.set("whole", "1");
  if (state.choice.step !== null) out.set("loss_step", String(state.choice.step));
  if (state.choice.memory !== null) out.set("memory", String(state.choice.memory));
  if (state.share !== SHARE) out.set("share", String(state.share));
  for (const name of KNOBS) {
    if (state.knobs.override[name] !== undefined) out.set(name, String(state.knobs.override[name]));
  }
  if (state.cell) out.set("cell", "1");
  if (theme && state.theme !== "auto") out.set("theme", state.theme);
  return out.toString();
}

/**
 * What a link says; anything that is not as it should be is left out, never guessed.
 * @param {string} hash with or without #
 * @returns {{target: Target | null, override: Partial<Record<KnobName, number>>, state: Partial<State>}}
 */
export function fromHash(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const step = whole(params, "loss_step");
  const update = whole(params, "update");
  const share = Number(params.get("share") ?? "NaN");
  const theme = params.get("theme");
  /** @type {Partial<State>} */
  const state = { choice: { step, memory: whole(params, "memory", -1), whole: params.get("whole") === "1" } };
  if (update !== null) Object.assign(state, { follow: false, update });
  const example = whole(params, "example");
  if (example !== null) state.example = Math.min(example, 15);
  if (share >= 0 && share <= 1) state.share = share;
  if (params.get("cell") === "1") state.cell = true;
  if (theme && THEMES.includes(theme)) state.theme = /** @type {State["theme"]} */ (theme);
  const override = Object.fromEntries(KNOBS.flatMap((name) => {
    const value = whole(params, name);
    return value === null ? [] : [[name, value]];
  }));
  return { target: target(params), override, state };
}

/** @param {URLSearchParams} params @returns {Target | null} */
function target(params) {
  for (const kind of /** @type {const} */ (["run", "preset", "checkpoint"])) {
    const id = params.get(kind);
    if (id && /^[0-9a-z_-]{1,64}$/.test(id)) return { kind, id };
  }
  return null;
}

/** @param {URLSearchParams} params @param {string} name @param {number} least */
function whole(params, name, least = 0) {
  const text = params.get(name);
  const value = Number(text);
  return text !== null && /^-?\d{1,9}$/.test(text) && value >= least ? value : null;
}
