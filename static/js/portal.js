/* What every page gets: one submit per form, toasts, theme, keyboard, tables, and further scripts only when
   the page holds something for them. Nothing here is needed to use the portal; it makes it quicker.
   Uses no inline style or script, so a strict content security policy holds. */
(function () {
  "use strict";

  const root = document.documentElement;
  const assets = JSON.parse(document.body.dataset.assets || "{}");
  const words = JSON.parse(document.body.dataset.words || "{}");
  const $ = (selector, from) => (from || document).querySelector(selector);
  const $$ = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  root.classList.add("js");

  /* ---- scripts and sheets on demand, each once ---- */
  const loading = {};
  function load(name) {
    loading[name] = loading[name] || new Promise((done, failed) => {
      const sheet = name.endsWith("_css");
      const tag = document.createElement(sheet ? "link" : "script");
      if (sheet) { tag.rel = "stylesheet"; tag.href = assets[name]; } else { tag.src = assets[name]; }
      tag.onload = done;
      tag.onerror = () => { delete loading[name]; failed(new Error(name)); };
      document.head.append(tag);
    });
    return loading[name];
  }

  const wanted = {
    clock: "[data-relative], [data-countdown]",
    map: "[data-map]",
    nearby: "[data-locate]",
    pictures: "input[data-preview]",
  };
  function fetchWanted(part) {
    for (const [name, selector] of Object.entries(wanted)) {
      if (part.matches?.(selector) || $(selector, part)) load(name).then(() => window.portal.start[name]?.(part));
    }
  }

  /* ---- toasts ---- */
  function toast(text, tone) {
    const box = document.createElement("div");
    box.className = "toast " + (tone || "");
    const words_ = document.createElement("span");
    words_.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", words.close);
    close.onclick = () => box.remove();
    box.append(words_, close);
    $("#toasts").append(box);
    if (tone !== "stop") setTimeout(() => box.remove(), 8000);
  }

  /* ---- one submit per form: the button shows that it is under way ---- */
  function rest(form) {
    for (const button of $$("[aria-busy]", form)) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
    delete form.dataset.sent;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" || form.method === "dialog" || "again" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter || $("button[type=submit]", form);
    setTimeout(() => {
      if (event.defaultPrevented && !("hxPost" in form.dataset) && !form.hasAttribute("hx-post")) { rest(form); return; }
      if (button) { button.setAttribute("aria-busy", "true"); button.disabled = true; }
    });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-sent]").forEach(rest); });

  /* ---- htmx: token, progress, errors as sentences ---- */
  document.addEventListener("htmx:configRequest", (event) => {
    const token = $("meta[name=csrf-token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:beforeRequest", () => root.classList.add("busy"));
  document.addEventListener("htmx:afterRequest", (event) => {
    root.classList.remove("busy");
    const form = event.target.closest?.("form");
    if (form) rest(form);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText || "", "text/html");
    toast($("[data-error-sentence]", page)?.dataset.errorSentence || words.failed, "stop");
  });
  document.addEventListener("htmx:sendError", () => toast(words.offline, "stop"));
  document.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.tone));
  document.addEventListener("htmx:afterSettle", (event) => {
    ready(event.target);
    $("[data-focus], [data-result]", event.target)?.focus();
  });

  /* ---- theme: the device decides until the person does ---- */
  function switchTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  }

  /* ---- details that behave like menus: one open, Escape and a click outside close ---- */
  function closeMenus(except) {
    $$("details.drop[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches("details.confirm")) $(".confirm-body", event.target).scrollIntoView({ block: "nearest" });
  }, true);

  /* ---- tables: count the ticked rows, tick all, open a row ---- */
  const boxes = (id) => (id ? $$(`#${CSS.escape(id)} tbody .t-check input`) : []);  // a table may have no name
  function countPicked(id) {
    const all = boxes(id);
    const picked = all.filter((box) => box.checked).length;
    $$(`[data-picked="${CSS.escape(id)}"]`).forEach((place) => { place.textContent = picked; });
    const head = $(`[data-all="${CSS.escape(id)}"]`);
    if (head) { head.checked = picked > 0 && picked === all.length; head.indeterminate = picked > 0 && picked < all.length; }
  }
  const panelFor = (link) => "panel" in link.dataset && window.htmx && matchMedia("(min-width: 75rem)").matches && $("#panel");
  async function openPanel(link, panel) {
    await htmx.ajax("GET", link.href, { target: "#panel", swap: "innerHTML" });
    panel.classList.add("open");
    if (panel.matches(".panel")) {
      const close = document.createElement("button");
      close.type = "button";
      close.className = "btn btn-quiet btn-icon panel-close";
      close.textContent = "×";
      close.dataset.panelClose = "";
      close.setAttribute("aria-label", words.close);
      panel.prepend(close);
    }
    panel.focus();
  }
  function openRow(row, event) {
    const link = $("a[href]", row);
    const panel = link && panelFor(link);
    if (panel) openPanel(link, panel);
    else if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
    else location.assign(row.dataset.href);
  }
  function closePanel() {
    const panel = $(".panel.open");
    if (panel) { panel.classList.remove("open"); panel.replaceChildren(); }
    return Boolean(panel);
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    closeMenus(at("details.drop"));
    if (at("[data-theme-switch]")) switchTheme();
    if (at("[data-close]")) at("[data-close]").closest("details, dialog")?.removeAttribute("open");
    if (at("[data-back]")) history.back();
    if (at("[data-print]")) print();
    if (at("[data-panel-close]")) closePanel();
    if (at("[data-keys]")) $("#keys")?.showModal();
    const copied = at("[data-copy]");
    if (copied) navigator.clipboard?.writeText(copied.dataset.copy).then(() => toast(copied.dataset.copied || "✓"));
    if (event.defaultPrevented) return;
    const link = at("a[data-panel]");
    const panel = link && !event.ctrlKey && !event.metaKey && !event.shiftKey && panelFor(link);
    if (panel) { event.preventDefault(); openPanel(link, panel); return; }
    const row = at("tr[data-href]");
    if (row && !at("a, button, input, label, summary") && !getSelection().toString()) openRow(row, event);
  });
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-all]");
    if (all) boxes(all.dataset.all).forEach((box) => { box.checked = all.checked; });
    const wrap = event.target.closest(".table-wrap");
    if (wrap && event.target.type === "checkbox") countPicked(wrap.id);
    if (event.target.matches("form[data-auto] select, form[data-auto] input[type=date]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-keys-on]")) localStorage.setItem("keys", event.target.checked ? "on" : "off");
  });

  /* ---- keyboard: / j k Enter x ? Esc; never while typing, and it can be switched off ---- */
  function move(step) {
    const rows = $$("tr[data-href], .stores > li");
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("at"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    rows.forEach((row) => row.classList.toggle("at", row === next));
    $("a[href]", next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeMenus(); closePanel(); $("#toasts").replaceChildren(); return; }
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
    const row = $("tr.at");
    const acts = {
      "/": () => $("[data-search]")?.focus(),
      "?": () => $("#keys")?.showModal(),
      j: () => move(1),
      k: () => move(-1),
      x: () => $(".t-check input", row || document.createElement("i"))?.click(),
    };
    if (!acts[event.key]) return;
    if (event.key !== "?" || $("#keys")) event.preventDefault();
    acts[event.key]();
  });

  /* ---- a part has arrived ---- */
  function ready(part) {
    fetchWanted(part);
    $$(".table-wrap", part).forEach((wrap) => countPicked(wrap.id));
  }

  window.portal = { $, $$, load, toast, words, assets, start: {} };
  const keys = $("[data-keys-on]");
  if (keys) keys.checked = localStorage.getItem("keys") !== "off";
  ready(document);
  $("[data-focus]")?.focus();
})();
