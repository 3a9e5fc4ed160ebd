// Letters act on the marked task, or on the task that the page shows; the day comes anew when the bell rings.
(() => {
  let afterG = 0;
  const busy = (target) => target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]");
  const find = (key) => {
    const rows = document.querySelector("[data-row]") !== null;
    const scope = document.querySelector("[data-row].at") ?? document.querySelector(rows ? ".next-act" : "main") ?? document.querySelector("main .page-acts");
    return scope?.querySelector(`[data-key="${key}"]`);
  };
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || busy(event.target)) return;
    if (event.key === "g") { afterG = Date.now(); return; }
    if (Date.now() - afterG < 1200) { afterG = 0; return; }
    if (!/^[a-z]$/.test(event.key)) return;
    const act = find(event.key);
    if (!act) return;
    event.preventDefault();
    act.click();
  });
  const bell = document.querySelector("[data-unread]");
  if (bell) {
    new MutationObserver(() => {
      for (const part of document.querySelectorAll("[data-live]")) window.htmx?.trigger(part, "refresh");
    }).observe(bell, { attributes: true, attributeFilter: ["data-unread"] });
  }
})();
