/* Staff ordering by keyboard: the number beside a dish and Enter writes it down, or opens what is to be said of it;
   / goes to the search, as everywhere. Never while typing; the switch for single keys holds here as well. Without this
   file every dish is a button or a link. */
(function () {
  "use strict";
  const { $ } = window.portal;
  const place = $("[data-dish-typed]");
  if (!place) return;
  const PAUSE = 4000;
  let digits = "";
  let last = 0;

  const dish = () => (digits ? $(`.order-grid [data-nth="${digits}"]`) : null);
  function show() {
    const found = dish();
    const name = found ? $(".name", found).textContent : place.dataset.none;
    place.textContent = digits ? `${digits} · ${name}` : "";
    document.querySelectorAll(".order-dish.at").forEach((one) => one.classList.remove("at"));
    if (found) { found.classList.add("at"); found.scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || localStorage.getItem("keys") === "off") return;
    if (event.target.matches("input, textarea, select")) return;
    if (performance.now() - last > PAUSE) digits = "";
    if (/^[0-9]$/.test(event.key)) digits = (digits + event.key).slice(0, 4).replace(/^0+/, "");
    else if (event.key === "Backspace") digits = digits.slice(0, -1);
    else if (event.key === "Escape") digits = "";
    else if (event.key === "Enter" && dish()) {
      event.preventDefault();
      const found = dish();
      digits = "";
      found.click();
    } else return;
    last = performance.now();
    show();
  });
})();
