// Delegated listeners only: HTML that htmx swaps in works without set-up, and the CSP needs no exception.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const body = document.body;

// ── Theme: at once here, and by cookie so that the server paints the next page right ──
function turnTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* storage may be closed */ }
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  const form = $("[data-theme-form]");
  if (!form) return;
  const data = new FormData(form);
  data.set("theme", root.dataset.theme);
  fetch(form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => {});
}

// ── Toasts: from django messages in the page, and from HX-Trigger ──
function arm(toast) {
  toast.dataset.armed = "";
  setTimeout(() => toast.remove(), toast.matches(".error, .bad, .warning") ? 9000 : 4500);
}
function toast(text, kind = "ok") {
  const line = document.createElement("div");
  line.className = `toast ${kind}`;
  line.textContent = text;
  $("#toasts")?.append(line);
  arm(line);
}
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value?.text ?? "", event.detail.kind));
document.addEventListener("htmx:response:error", (event) => {
  if ((event.detail.ctx?.response?.status ?? 500) >= 500) toast(body.dataset.failed, "bad");
});
document.addEventListener("htmx:error", () => toast(body.dataset.failed, "bad"));
$$("[data-toast]").forEach(arm);

// ── Dialogs ──
function openDialog(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  if (dialog.id === "palette") {
    const field = $("#palette-q");
    field.select();
    field.dispatchEvent(new CustomEvent("palette-open", { bubbles: true }));
  }
}
let waiting = null; // the form, and the button pressed in it, that a confirmation is about
document.addEventListener("submit", (event) => {
  const text = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!text || event.target === waiting?.form || !$("#confirm")) return;
  event.preventDefault();
  event.stopPropagation();
  waiting = { form: event.target, button: event.submitter };
  $("#confirm-text").textContent = text;
  openDialog($("#confirm"));
}, true);
document.addEventListener("close", (event) => { if (event.target.id === "confirm") setTimeout(() => { waiting = null; }); }, true);

function isBackdrop(event) {
  if (!event.target.matches("dialog") || !event.clientX) return false;
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
function openSide(open) {
  body.classList.toggle("side-open", open);
  $(".top [data-side]")?.setAttribute("aria-expanded", String(open));
  if (open) $("#side a")?.focus();
}

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  if (hit("[data-theme-toggle]")) { event.preventDefault(); turnTheme(); }
  const opener = hit("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey) { event.preventDefault(); openDialog(document.getElementById(opener.dataset.dialog)); }
  if (hit("[data-close]") || isBackdrop(event)) event.target.closest("dialog")?.close();
  if (hit("[data-confirmed]") && waiting) {
    const { form, button } = waiting;
    waiting = { form };
    form.requestSubmit(button);
    $("#confirm").close();
  }
  if (hit("[data-side]")) openSide(!body.classList.contains("side-open"));
  else if (!hit("#side")) openSide(false);
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const fill = hit("[data-fill]");
  if (fill) fillLogin(fill);
});

function fillLogin(button) {
  const form = document.forms["signin"] ?? $("form:has([name=password])");
  if (!form) return;
  form.elements.login.value = button.dataset.fill;
  if (button.dataset.word) form.elements.password.value = button.dataset.word;
  form.requestSubmit();
}

// ── Keyboard ──
let afterG = 0;
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

let marked = ""; // the row that j and k chose: a late answer brings the rows anew, without the mark
function markAgain() {
  if (marked && !$("[data-row].at")) document.getElementById(marked)?.classList.add("at");
}
function moveRow(step) {
  const rows = $$("[data-row]");
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
  rows[at]?.classList.remove("at");
  next.classList.add("at");
  marked = next.id;
  next.scrollIntoView({ block: "nearest" });
  ($("a", next) ?? $("button, input", next))?.focus({ preventScroll: true });
}

function goKey(key) {
  const link = $$("[data-go]").find((item) => item.dataset.go.slice(-1) === key);
  if (link) location.assign(link.href);
}

function plainKey(event) {
  if (Date.now() - afterG < 1200) { afterG = 0; return goKey(event.key); }
  const acts = {
    g: () => { afterG = Date.now(); },
    j: () => moveRow(1),
    k: () => moveRow(-1),
    "?": () => openDialog($("#keys")),
    "/": () => { const field = $("[data-list-search]"); field ? field.focus() : openDialog($("#palette")); },
  };
  if (!Object.hasOwn(acts, event.key)) return;
  if (event.key !== "g") event.preventDefault();
  acts[event.key]();
}

function paletteKey(event) {
  if (event.key === "Escape") { event.preventDefault(); $("#palette").close(); return; } // a search field would only empty itself
  const hits = $$("#palette-hits [role=option]");
  const at = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") { event.preventDefault(); (hits[at] ?? hits[0])?.click(); return; }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !hits.length) return;
  event.preventDefault();
  choose(hits, (at + step + hits.length) % hits.length);
}
function choose(hits, at) {
  hits.forEach((hit, index) => hit.setAttribute("aria-selected", String(index === at)));
  hits[at]?.scrollIntoView({ block: "nearest" });
  if (hits[at]) $("#palette-q").setAttribute("aria-activedescendant", hits[at].id);
  else $("#palette-q").removeAttribute("aria-activedescendant");
}
document.addEventListener("htmx:after:swap", () => {
  if ($("#palette")?.open) choose($$("#palette-hits [role=option]"), 0);
  countSelected();
  markAgain();
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // an input method is choosing characters
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") { event.preventDefault(); return openDialog($("#palette")); }
  if (event.target.id === "palette-q") return paletteKey(event);
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details.menu[open]") ?? $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu)?.focus(); }
    if (body.classList.contains("side-open")) { openSide(false); $(".top [data-side]")?.focus(); }
  }
  if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  plainKey(event);
});

// An address holds only what was chosen.
document.addEventListener("htmx:config:request", (event) => {
  const { method, body: values } = event.detail.ctx.request;
  if (method === "GET" && values) for (const [name, value] of [...values]) if (value === "") values.delete(name);
});

// ── Selecting many rows ──
function countSelected() {
  for (const list of $$("[data-list]")) {
    const line = $("[data-bulk-count]", list);
    if (line) line.textContent = `${$$("td.sel :checked", list).length} ${body.dataset.selected}`;
  }
}
document.addEventListener("focusin", (event) => { if (event.target.matches("[data-select]")) event.target.select(); });
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-bulk-all]")) {
    for (const box of $$("td.sel input", event.target.closest("[data-list]"))) box.checked = event.target.checked;
  }
  if (event.target.closest(".sel")) countSelected();
});

// ── Server push: one stream a browser. The tab that holds the lock listens and tells the others ──
function showUnread(count) {
  for (const mark of $$("[data-unread]")) {
    mark.dataset.unread = count;
    mark.hidden = !count;
    mark.firstChild.nodeValue = String(count);
  }
}
function listen(address, tell) {
  const stream = new EventSource(address);
  stream.addEventListener("unread", (event) => tell(JSON.parse(event.data).unread));
  stream.addEventListener("bye", () => { stream.close(); tell(0); });
  return stream;
}
if (body.dataset.push && "BroadcastChannel" in window) {
  const others = new BroadcastChannel("guanxi-push");
  others.onmessage = (event) => showUnread(event.data);
  const tell = (count) => { showUnread(count); others.postMessage(count); };
  if (navigator.locks) {
    navigator.locks.request("guanxi-push", () => new Promise(() => { listen(body.dataset.push, tell); }));
  } else { // no locks outside HTTPS and localhost: only the tab in front listens
    let stream = null;
    const follow = () => {
      if (document.hidden) { stream?.close(); stream = null; } else stream ??= listen(body.dataset.push, tell);
    };
    document.addEventListener("visibilitychange", follow);
    follow();
  }
}
