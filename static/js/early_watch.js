// Runs before anything else: says in the page which part of it did not come, or came as something else, since a page
// whose modules are missing can say nothing itself.
(() => {
  const PATIENCE_MS = 15_000;
  /** @type {Set<string>} */
  const missing = new Set();

  function tell() {
    const place = document.getElementById("unloaded");
    if (!place) return;
    const named = [...missing].map((url) => new URL(url, location.href).pathname.replace(/^.*\/static\//, ""));
    const parts = named.length ? `did not load: ${named.slice(0, 3).join(", ")}` : "has not started";
    const [words] = place.children;
    words.textContent =
      `Part of this page ${parts}. Load it again; if that does not help, something between this browser and the ` +
      "server holds a file back or changes its type.";
    place.hidden = false;
  }

  window.addEventListener(
    "error",
    ({ target }) => {
      const url =
        target instanceof HTMLScriptElement ? target.src : target instanceof HTMLLinkElement ? target.href : "";
      // A module that is only named beforehand is asked for again when it is imported; that tells the truth.
      if (!url || (target instanceof HTMLLinkElement && target.rel === "modulepreload")) return;
      missing.add(url);
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", tell, { once: true });
      else tell();
    },
    true,
  );
  setTimeout(() => {
    if (!document.body?.hasAttribute("data-started")) tell();
  }, PATIENCE_MS);
})();
