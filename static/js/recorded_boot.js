// Opens the one file that holds the page: its modules are unpacked into an import map, Plotly into an address of its
// own. No module: it runs before there are any. Written into the file by app/export/explorable/.
(() => {
  const ENTRY = "sab/main.js";
  /** The one that this very script runs with; the import map needs it too. */
  const nonce = document.currentScript instanceof HTMLScriptElement ? document.currentScript.nonce : "";
  const blobOf = (/** @type {BlobPart} */ source) =>
    URL.createObjectURL(new Blob([source], { type: "text/javascript" }));

  /** What stands packed in a script element. @param {string} id */
  async function unpacked(id) {
    const text = document.getElementById(id)?.textContent ?? "";
    const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }

  async function open() {
    const [code, plotly] = await Promise.all([unpacked("packed-code"), unpacked("packed-plotly")]);
    document.body.dataset.plotly = blobOf(plotly);
    /** @type {Record<string, string>} */
    const sources = JSON.parse(new TextDecoder().decode(code));
    const imports = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, blobOf(source)]));
    const map = Object.assign(document.createElement("script"), { type: "importmap", nonce });
    map.textContent = JSON.stringify({ imports });
    document.head.append(map);
    await import(ENTRY);
  }

  open().catch((/** @type {unknown} */ error) => {
    // The template has both texts; which is true only the browser knows.
    const old = typeof DecompressionStream === "undefined";
    document.getElementById(old ? "too-old" : "unread")?.removeAttribute("hidden");
    console.error(error);
  });
})();
