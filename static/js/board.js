/* The board by drag and by keys: both fill one form and send it, so the server decides as for the move page.
   M picks a visit up, Enter on a free place puts it down, Escape gives up. Without this script every visit has a link
   to its page and from there to the move form. */
(() => {
  const board = document.querySelector("[data-board]");
  const form = document.querySelector("[data-move-form]");
  const say = document.querySelector("[data-board-say]");
  if (!board || !form) return;
  let card = null;

  const pick = (one) => {
    drop();
    card = one;
    card.classList.add("picked");
    board.classList.add("picking");
    if (say) say.textContent = say.dataset.picked.replace("{name}", card.dataset.name);
  };
  const drop = () => {
    if (card) card.classList.remove("picked");
    board.classList.remove("picking");
    board.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    card = null;
  };
  const put = (place) => {
    if (!card) return;
    form.action = card.dataset.move;
    form.elements.day.value = place.dataset.day;
    form.elements.at.value = place.dataset.at;
    form.elements.who.value = place.dataset.technician;
    form.elements.line.value = card.dataset.line;
    form.submit();
  };

  board.querySelectorAll("[data-card]").forEach((one) => {
    one.draggable = true;
    one.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", one.dataset.name);
      pick(one);
    });
    one.addEventListener("dragend", drop);
  });
  board.querySelectorAll(".free").forEach((place) => {
    place.addEventListener("dragover", (event) => {
      if (!card) return;
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      put(place);
    });
    place.addEventListener("click", (event) => {
      if (!card) return;
      event.preventDefault();
      put(place);
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const here = document.activeElement;
    if (event.key === "Escape" && card) {
      const back = card;
      drop();
      back.focus();
      if (say) say.textContent = say.dataset.dropped;
    } else if (event.key.toLowerCase() === "m" && here && here.matches("[data-card]")) {
      event.preventDefault();
      pick(here);
      const free = [...board.querySelectorAll(".free")];
      const next = free.find((one) => here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
      (next || free[0])?.focus();
    }
  });
})();
