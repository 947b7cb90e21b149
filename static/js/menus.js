// Order by keyboard and by dragging: rows move at once, "save" sends them. Without this file the buttons post.
for (const list of document.querySelectorAll("[data-order]")) {
  const rows = () => [...list.querySelectorAll("[data-item]")];
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-item]");
    const to = button.dataset.move === "-1" ? row.previousElementSibling : row.nextElementSibling;
    if (to) button.dataset.move === "-1" ? to.before(row) : to.after(row);
    button.focus();
  });
  let held = null;
  for (const row of rows()) row.draggable = true;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-item]");
    event.dataTransfer.effectAllowed = "move";
    held?.classList.add("held");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-item]");
    if (!held || !over || over === held) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? over.before(held) : over.after(held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    held?.classList.remove("held");
    held = null;
  });
}
