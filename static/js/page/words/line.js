// What the status line, the alarm and a move say: claims with the facts that each needs (status.js, moves.js).

import { claim } from "../../draw/say.js";

/** A network that does not train now. */
export const STORED = [
  claim("nothing yet", "!shown", "opening"),
  claim("past", "back", "as it was at update {back} of {last}"),
  claim("untrained", "!trained", "untrained network, update 0"),
  claim("trained", "", "trained network, update {update}"),
];

/** How far a run is, and why it waits or ended before its last update. */
export const RUN = [
  claim("waits", "waits", "queued, waits for {waits}"),
  claim("reached its goal", "finished reason", "finished: {reason}"),
  claim("status", "", "{status}"),
];

/** An update that is not the newest. */
export const BACK = [
  claim("newest", "!back", ""),
  claim("there", "there", "shown as it was at update {back}"),
  claim("on its way", "", "update {back} is on its way"),
];

export const RATE = [claim("none", "!rate", ""), claim("rate", "", "{rate} updates/s")];

/** What went wrong, why, and what to do. */
export const ALARM = [
  claim("problem", "problem", "{problem}"),
  claim("no run", "!run", ""),
  claim("stands still", "stalled", "The run stands still: {stalled}."),
  claim("lacks its data", "missing", "The run cannot go on here: {missing}."),
  // Its reason names the update and the remedy already.
  claim(
    "diverged, stored",
    "diverged stored",
    "The run diverged{reason}. Press Branch to go on from its last finite weights at a lower rate, or Reset.",
  ),
  claim("diverged", "diverged", "The run diverged{reason}. Press Reset to begin anew."),
  claim(
    "failed, stored",
    "failed stored",
    "The run failed{reason}. Press Resume to go on from the last checkpoint, or Reset.",
  ),
  claim("failed", "failed", "The run failed{reason}. No checkpoint was stored: Resume begins anew."),
  claim(
    "interrupted, stored",
    "interrupted stored",
    "The run was interrupted{reason}. Press Resume to go on from the last checkpoint.",
  ),
  claim("interrupted", "interrupted", "The run was interrupted{reason}. No checkpoint was stored: Resume begins anew."),
  // A person who pauses gives no reason; the store does, with the remedy.
  claim("held up", "held", "The run is paused{reason}."),
  claim("well", "", ""),
];

/** What stands where the choice moved to. */
export const MOVE = [
  claim("no step", "!chosen", "No step chosen."),
  claim("no such step", "!there", "Step {step}."),
  claim("no target", "!memory !target", "Step {step}: says {says}, no target."),
  claim("step", "!memory", "Step {step}: says {says}, loss {loss}."),
  claim("reading with credit", "read credit", "Step {step}, {memory}: weight {weight}, credit {credit}."),
  claim("reading", "read", "Step {step}, {memory}: weight {weight}."),
  claim("threshold", "credit", "Step {step}, {memory}: not read, a threshold memory of weight 0, credit {credit}."),
  claim("not read", "", "Step {step}, {memory}: not read, weight 0 exactly."),
];

export const PINS = [
  claim("none", "!pins", ""),
  claim("one", "one_pin", "1 step pinned: {pins}."),
  claim("several", "", "{count} steps pinned: {pins}."),
];
