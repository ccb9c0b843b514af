// Puts the page together, in the order in which things run. The first picture does not wait for the drawing library.

import { askInstead, getPresets, getRuns, problemOf } from "./wire/api.js";
import { answersOf } from "./wire/recorded/answers.js";
import { recordingHere } from "./wire/recorded/recording.js";
import { createRecordedStream } from "./wire/recorded/stream.js";
import { driveBaseline } from "./drivers/baseline.js";
import { createCommands } from "./drivers/commands.js";
import { createBranch } from "./controls/branch_dialog.js";
import { createCompare } from "./controls/compare_dialog.js";
import { createExportMenu } from "./controls/export_menu.js";
import { createRunForm } from "./controls/run_form.js";
import { createSheet } from "./controls/sheet.js";
import { driveProbes } from "./drivers/probes.js";
import { driveSnapshots, listSnapshots } from "./drivers/snapshots.js";
import { showEngine } from "./page/server/engine_note.js";
import { driveHits } from "./drivers/hits.js";
import { listenToKeys } from "./page/keys.js";
import { driveBefore } from "./drivers/knockout.js";
import { createAnnouncer } from "./draw/layers/announcer.js";
import { find } from "./draw/layers/dom.js";
import { createAway } from "./page/server/away.js";
import { createOnlooker, looksOnly } from "./page/server/onlooker.js";
import { createShutOut } from "./page/server/shut_out.js";
import { createNewer } from "./page/server/newer.js";
import { onResize } from "./draw/layers/size.js";
import { createSteady } from "./draw/layers/steady.js";
import { createTooltip } from "./draw/layers/tooltip.js";
import { createPainter } from "./draw/painter.js";
import { createAttention } from "./panels/attention/panel.js";
import { createControls } from "./panels/knobs/panel.js";
import { createCurves } from "./panels/curves/panel.js";
import { createDetail } from "./panels/step/panel.js";
import { createDiverged } from "./page/diverged.js";
import { createHealth } from "./panels/health/panel.js";
import { createGradients } from "./panels/gradients/panel.js";
import { createImage } from "./panels/image/panel.js";
import { createKnockouts } from "./panels/knockouts/panel.js";
import { createOverview } from "./panels/overview/panel.js";
import { createCutting } from "./panels/cutting/panel.js";
import { createOwnInput } from "./panels/own_input/panel.js";
import { createPanelMenus } from "./page/panel_menu.js";
import { createPaper } from "./page/paper.js";
import { createRecorded, heldBy } from "./page/recording/panel.js";
import { createPaths } from "./panels/paths/panel.js";
import { createRanges } from "./panels/ranges/panel.js";
import { createRuns } from "./panels/runs/panel.js";
import { createSelfProof } from "./panels/proof/panel.js";
import { createStatus } from "./page/status.js";
import { createStory } from "./panels/story/panel.js";
import { createStrip } from "./panels/strip/panel.js";
import { createToolbar } from "./page/toolbar.js";
import { createTerms } from "./page/glossary/terms.js";
import { createTour } from "./page/tour/tour.js";
import { createTwins } from "./page/twins.js";
import { createWalk } from "./panels/walk/panel.js";
import { loadPlotly } from "./draw/plotly.js";
import { reduce } from "./state/reducer.js";
import { INITIAL } from "./state/initial.js";
import { createShare } from "./drivers/share.js";
import { createStore } from "./state/store.js";
import { createStream } from "./wire/stream.js";
import { createTheme } from "./page/theme.js";
import { listenToUndo } from "./drivers/undo.js";
import { at, socketUrl } from "./wire/link/root.js";

/** So long the drawing library waits for the first arcs. */
const NO_PICTURE_MS = 2500;
/** So long the arcs are in sight, and the page can be used, before the library takes most of a second to be read. */
const IN_SIGHT_MS = 250;
const recording = await recordingHere();
if (recording) askInstead(answersOf(recording));
const presets = bootstrapped() ?? getPresets();
const runs = getRuns();
const onlooks = looksOnly();
const store = createStore(reduce, { ...INITIAL, onlooks, recorded: recording && heldBy(recording) });
const showProblem = (/** @type {unknown} */ error) => store.dispatch({ type: "problem", problem: problemOf(error) });

const away = createAway(store);
const shutOut = createShutOut();
const onArrival = () => painter.request();
const stream = recording
  ? createRecordedStream(recording, { onArrival })
  : createStream(socketUrl(), {
      onLink: (status, retryAt) => (shutOut(status), away.onLink(status, retryAt)),
      ...{ onArrival, onHello: createNewer() },
    });
const painter = createPainter(store, stream.take, (error) => {
  console.error(error);
  showProblem(error);
});
const commands = createCommands(store, stream);

const theme = createTheme(store, painter.hurry, painter.now);
const tooltip = createTooltip();
const story = createStory(store);
const compare = createCompare(store);
const branch = createBranch(store, commands);
const form = createRunForm(store, commands, compare.open);
find("#branch").addEventListener("click", branch.open);
find("#compare-methods").addEventListener("click", () => compare.open());
painter.add(
  story.panel(createStrip(), 120),
  story.panel(createPaths(store, theme, tooltip, drawingLibrary), 120),
  story.panel(createGradients(store, theme), 200),
  createKnockouts(store),
  createWalk(store),
  story.crosshair,
  createStatus(painter.hurry),
  createControls(store, commands),
  createToolbar(store, commands),
  createImage(store, theme),
  createDetail(store),
  createRanges(store),
  createAttention(store, theme, tooltip, commands),
  createCurves(store, theme, commands),
  createHealth(),
  ...createRuns(store, commands, form.duplicate),
);
painter.add(
  createSteady(),
  createPaper(),
  createOwnInput(store, theme),
  createCutting(store),
  createDiverged(commands),
  branch.panel,
  createSelfProof(store),
  createOverview(store, theme),
);
createSheet();
createTerms();
const exporting = createExportMenu(store, theme);
const twins = createTwins();
painter.add(twins.painted);
createPanelMenus({
  toggleTwin: (testid) => {
    const open = twins.toggle(testid);
    painter.hurry();
    return open;
  },
  exportPanel: exporting.open,
});
const share = createShare(store, commands);
painter.add(createTour(store, commands, share.open));
listenToKeys(store, commands, createAnnouncer());
listenToUndo(store, commands);
driveProbes(store);
driveBefore(store);
driveHits(store);
driveSnapshots(store);
driveBaseline(store);
store.subscribe((state, action) => {
  if (action.type === "open" && state.target) listSnapshots(store);
});
onResize(painter.hurry);
painter.add(recording ? createRecorded(heldBy(recording)) : away.panel);
if (onlooks) painter.add(createOnlooker());

setTimeout(drawingLibrary, NO_PICTURE_MS);

document.body.dataset.started = "";
start().catch(showProblem);

/** The presets, when the page brought them along. */
function bootstrapped() {
  /** @type {{presets?: Preset[]}} */
  const told = JSON.parse(document.getElementById("bootstrap")?.textContent || "{}");
  return told.presets?.length ? Promise.resolve(told.presets) : null;
}

/** First what the link says, else the first trained preset. */
async function start() {
  store.dispatch({ type: "presets", presets: await presets });
  share.open(location.hash || (recording?.hash ?? ""));
  stream.connect();
  store.dispatch({ type: "runs", runs: await runs });
  if (!recording) await showEngine(/** @type {HTMLElement} */ (find("#engine")), store);
}

/** Loaded once the arcs are on the screen, or when none come for a while. */
function drawingLibrary() {
  if (performance.getEntriesByName("first-arcs").length) return;
  if (document.querySelector("[data-kind]")) performance.mark("first-arcs");
  requestAnimationFrame(() =>
    setTimeout(async () => {
      try {
        await loadPlotly(document.body.dataset.plotly ?? at("/static/vendor/plotly.min.js"));
        performance.mark("plotly");
        painter.hurry();
      } catch (error) {
        showProblem(error);
      }
    }, IN_SIGHT_MS),
  );
}
