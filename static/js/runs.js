// Puts the page of the table of runs together, in the order in which things run.

import { problemOf } from "./wire/api.js";
import { createStream } from "./wire/stream.js";
import { find } from "./draw/layers/dom.js";
import { onResize } from "./draw/layers/size.js";
import { createPainter } from "./draw/painter.js";
import { createStore } from "./state/store.js";
import { createOnlooker, looksOnly } from "./page/server/onlooker.js";
import { createShutOut } from "./page/server/shut_out.js";
import { createNewer } from "./page/server/newer.js";
import { createTheme } from "./page/theme.js";
import { createChanges } from "./table/drivers/changes.js";
import { driveBundles } from "./table/drivers/bundles.js";
import { driveCurves } from "./table/drivers/curves.js";
import { driveLink } from "./table/drivers/link.js";
import { driveMembers } from "./table/drivers/members.js";
import { drivePages } from "./table/drivers/pages.js";
import { createCompare } from "./table/overlay/panel.js";
import { listenToRows } from "./table/rows/gestures_layer.js";
import { createRows } from "./table/rows/rows_panel.js";
import { INITIAL } from "./table/state/initial.js";
import { reduce } from "./table/state/reducer.js";
import { createHead, nextOrder } from "./table/tools/head_panel.js";
import { createResultsLink } from "./table/tools/results_panel.js";
import { createStatus } from "./table/tools/status_panel.js";
import { createTools } from "./table/tools/tools_panel.js";
import { createUndoBar } from "./table/tools/undo_panel.js";
import { editsOf, starOf } from "./table/tools/writing_panel.js";
import { socketUrl } from "./wire/link/root.js";

/** @type {Table.Store} */
const store = createStore(reduce, INITIAL);
const shutOut = createShutOut();
const stream = createStream(socketUrl(), {
  onLink: (status, retryAt) => {
    shutOut(status);
    store.dispatch({ type: "link", status, retryAt });
  },
  onArrival: () => painter.request(),
  onHello: createNewer(),
});
const painter = createPainter(store, stream.take, (error) => {
  console.error(error);
  store.dispatch({ type: "notice", text: problemOf(error).detail });
});
driveLink(store);
const theme = createTheme(store, painter.hurry, painter.now);
const changes = createChanges(store);
const root = find("[data-testid=runs-table]");
const rows = createRows(root, store, editsOf(store, changes));
const heads = {
  sort: (/** @type {string} */ key) =>
    store.dispatch({ type: "list/wanted", sort: nextOrder(store.get().listing.sort, key) }),
  all: (/** @type {boolean} */ on) => store.dispatch({ type: on ? "choose/all" : "choose/none" }),
};
painter.add(
  createStatus(),
  createResultsLink(root),
  createUndoBar(changes),
  createTools(root, store, changes),
  createHead(root, heads),
  rows.panel,
  createCompare(store, theme, painter.hurry),
);
if (looksOnly()) painter.add(createOnlooker());
listenToRows({ store, rows, star: starOf(store, changes), repaint: painter.hurry });
onResize(painter.hurry);
stream.connect();
document.body.dataset.started = "";
drivePages(store);
driveMembers(store);
driveCurves(store);
driveBundles(store);
