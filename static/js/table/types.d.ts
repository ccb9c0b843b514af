// What the table of runs keeps, as types: its own store, apart from the explorer's. No code.

declare namespace Table {
  type GroupBy = "none" | "group" | "task" | "method" | "verdict";

  /** The list as the server gives it, page by page: which runs, in which order. */
  interface Listing {
    /** `GET /api/runs` decides what both mean */
    filter: string;
    sort: string;
    /** raised whenever another list is wanted; an answer to an earlier one is dropped */
    version: number;
    /** the version of which `order` is the beginning; what is shown stays until the next one is here */
    shown: number;
    /** the filter of the list that is shown */
    of: string;
    order: readonly string[];
    /** runs on all pages; null before the first answer */
    total: number | null;
    /** so many rows are wanted by whoever scrolls */
    wanted: number;
    problem: Problem | null;
    /** runs that were started since, and that this order has no known place for */
    news: number;
  }

  /** Which curves are drawn, and how. */
  interface Overlay {
    /** one line for runs that differ in their seed alone, or one for each run */
    lines: "mean" | "each";
    show: "both" | "loss" | "metric";
    /** null: that of most runs */
    metric: string | null;
    /** null: fresh examples where there are looks */
    from: "fresh" | "training" | null;
    smooth: number;
    /** of the axes that a person set: whether it is logarithmic, by the name of the metric */
    log: Readonly<Record<string, boolean>>;
    /** draw more runs than are drawn unasked */
    all: boolean;
    /** lines that the legend switched off, by their key */
    off: readonly string[];
  }

  /** What a person did, for as long as it can be undone. */
  interface Change {
    id: number;
    words: string;
    runs: readonly string[];
    /** what stood there before; null for a deletion, which is not sent before its time is over */
    before: Readonly<Record<string, Partial<Wire.RunPatch>>> | null;
  }

  /** What was chosen when runs were deleted, and what of it was left. */
  interface Choice {
    chosen: ReadonlySet<string>;
    group: string | null;
    left: ReadonlySet<string>;
  }

  /** The curves of a run, thinned; `width` is that of a bin of updates. */
  interface Fetched {
    attempt: number;
    width: number;
    /** the newest update that they hold */
    until: number;
    data: Wire.RunCurves | null;
    problem: Problem | null;
  }

  interface State {
    /** every run that is listed or chosen */
    runs: ReadonlyMap<string, RunView>;
    /** runs on the server, whatever the filter; null until it is known */
    all: number | null;
    /** when the newest run that was heard of was started */
    newest: string;
    listing: Listing;
    by: GroupBy;
    /** groups whose runs are folded away */
    folded: readonly string[];
    chosen: ReadonlySet<string>;
    /** every run of this group is chosen, those too that join it later */
    group: string | null;
    /** all runs of the list are to be chosen once they are here */
    choosingAll: boolean;
    editing: string | null;
    /** runs whose deletion can be undone, or is under way */
    removing: ReadonlySet<string>;
    changes: readonly Change[];
    /** by the number of a deletion that can be undone */
    choices: ReadonlyMap<number, Choice>;
    overlay: Overlay;
    curves: ReadonlyMap<string, Fetched>;
    link: { status: "idle" | "connecting" | "open" | "lost"; retryAt: number };
    /** lists that came over the socket so far: the first after a lost link says that rows were missed */
    greeted: boolean;
    theme: "auto" | "light" | "dark";
    notice: string | null;
    /** what was done that has no other place, until something else is */
    said: string | null;
  }

  /** What a link holds. */
  type View = Pick<State, "by" | "group" | "chosen" | "overlay"> & Pick<Listing, "filter" | "sort">;

  type Action =
    | { type: "list/wanted"; filter?: string; sort?: string }
    | { type: "list/again" }
    | { type: "list/page"; version: number; runs: RunView[]; total: number }
    | { type: "list/failed"; version: number; problem: Problem }
    | { type: "list/seen"; rows: number }
    | { type: "by"; by: GroupBy }
    | { type: "fold"; key: string; folded: boolean }
    | { type: "choose"; runs: readonly string[]; on: boolean }
    | { type: "choose/all" }
    | { type: "choose/none" }
    | { type: "choose/group"; group: string }
    | { type: "edit"; run: string | null }
    | { type: "known"; runs: readonly RunView[] }
    | { type: "change"; change: Change }
    | { type: "change/over"; id: number }
    | { type: "change/undone"; id: number }
    | { type: "deleted"; runs: readonly string[] }
    | { type: "delete/failed"; runs: readonly string[]; why: string }
    | { type: "overlay"; options: Partial<Overlay> }
    | { type: "curves"; run: string; fetched: Fetched }
    | { type: "frame"; message: Wire.Frame; at: number }
    | { type: "link"; status: State["link"]["status"]; retryAt?: number }
    | { type: "view/theme"; theme: State["theme"] }
    | { type: "notice"; text: string | null }
    | { type: "said"; text: string | null }
    | { type: "opened"; view: View };

  type Store = StoreOf<State, Action>;
}
