// Puts the page of results together, in the order in which things run.

import { problemOf } from "./wire/api.js";
import { createStream } from "./wire/stream.js";
import { onResize } from "./draw/layers/size.js";
import { createTooltip } from "./draw/layers/tooltip.js";
import { createPainter } from "./draw/painter.js";
import { createStore } from "./state/store.js";
import { createShutOut } from "./page/server/shut_out.js";
import { createNewer } from "./page/server/newer.js";
import { createTheme } from "./page/theme.js";
import { driveLink } from "./results/drivers/link.js";
import { driveRows } from "./results/drivers/rows.js";
import { remembered } from "./results/numbers/view.js";
import { createBand } from "./results/panels/band_panel.js";
import { listenToFiles } from "./results/panels/files_panel.js";
import { createHeat } from "./results/panels/heat_panel.js";
import { createLines } from "./results/panels/lines_panel.js";
import { createStory } from "./results/panels/story_panel.js";
import { createTable } from "./results/panels/table_panel.js";
import { createTools } from "./results/panels/tools_panel.js";
import { initial } from "./results/state/initial.js";
import { reduce } from "./results/state/reducer.js";
import { createStatus } from "./table/tools/status_panel.js";
import { socketUrl } from "./wire/link/root.js";

const group = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
/** @type {Results.Store} */
const store = createStore(reduce, initial(group));
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
driveRows(store);
const theme = createTheme(store, painter.hurry, painter.now);
const viewOf = remembered();
const shared = { viewOf, theme, tooltip: createTooltip() };
painter.add(
  createStatus(),
  createStory(viewOf),
  createTools(store, viewOf),
  createHeat(store, shared),
  createBand(shared),
  createLines(shared),
  createTable(store, viewOf),
);
listenToFiles(store, viewOf);
onResize(painter.hurry);
stream.connect();
document.body.dataset.started = "";
