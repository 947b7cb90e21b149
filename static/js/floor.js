/* Tables on a plan: dragged with a pointer, moved by arrow keys. Without this their places are typed on their pages. */
(() => {
  "use strict";
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const clamp = (value) => Math.max(0, Math.min(1000, Math.round(value)));

  function put(table, x, y) {
    table.dataset.x = clamp(x);
    table.dataset.y = clamp(y);
    table.setAttribute("transform", `translate(${table.dataset.x} ${table.dataset.y * 0.6})`);
  }

  function keep(table) {
    const body = new URLSearchParams({ csrf_token: token, x: table.dataset.x, y: table.dataset.y });
    fetch(table.dataset.place, { method: "POST", body, redirect: "manual", keepalive: true });
    const said = document.getElementById("toasts");
    const words = table.closest("[data-floor]").dataset.moved.replace("{name}", table.dataset.name);
    if (said) said.dataset.last = words;
  }

  function at(plan, event) {
    const box = plan.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 1000, ((event.clientY - box.top) / box.height) * 1000];
  }

  function draggable(plan, table) {
    let from = null;
    let moved = false;
    table.addEventListener("dragstart", (event) => event.preventDefault());
    table.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const [x, y] = at(plan, event);
      from = [x - table.dataset.x, y - table.dataset.y];
      moved = false;
      table.setPointerCapture(event.pointerId);
    });
    table.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = at(plan, event);
      if (!moved && Math.hypot(x - from[0] - table.dataset.x, y - from[1] - table.dataset.y) < 6) return;
      moved = true;
      table.classList.add("dragged");
      put(table, x - from[0], y - from[1]);
    });
    table.addEventListener("pointerup", () => {
      if (moved) keep(table);
      from = null;
      table.classList.remove("dragged");
    });
    table.addEventListener("click", (event) => {
      if (moved) event.preventDefault();
    });
  }

  const steps = { ArrowLeft: [-20, 0], ArrowRight: [20, 0], ArrowUp: [0, -20], ArrowDown: [0, 20] };

  function byKeys(table) {
    let later = 0;
    table.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      put(table, Number(table.dataset.x) + step[0], Number(table.dataset.y) + step[1]);
      clearTimeout(later);
      later = setTimeout(() => keep(table), 400);
    });
  }

  for (const plan of document.querySelectorAll("[data-floor]")) {
    for (const table of plan.querySelectorAll("[data-place]")) {
      draggable(plan, table);
      byKeys(table);
    }
  }
})();
