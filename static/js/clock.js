/* Times that stay true while the page is open: "3 分钟前" and counting down. The server's words stand until then.
   <time datetime data-relative>  <time datetime data-countdown data-ends="#undo"> (what it hides when over). */
(function () {
  "use strict";
  const { $$, start } = window.portal;
  const language = document.documentElement.lang;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const steps = [[60, 1, "second"], [3600, 60, "minute"], [86400, 3600, "hour"], [604800, 86400, "day"]];

  function tellRelative(time) {
    const away = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const step = steps.find(([limit]) => Math.abs(away) < limit);
    if (step) time.textContent = relative.format(Math.round(away / step[1]), step[2]);
  }

  function tellLeft(time) {
    const left = Math.max(0, Math.round((Date.parse(time.dateTime) - Date.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor(left / 60) % 60;
    if (hours < 100) time.textContent = (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(left % 60);
    if (left === 0 && time.dataset.ends) $$(time.dataset.ends).forEach((part) => { part.hidden = true; });
  }

  let second = 0;
  function tick() {
    $$("[data-countdown]").forEach(tellLeft);
    if (second++ % 30 === 0) $$("[data-relative]").forEach(tellRelative);
  }
  setInterval(tick, 1000);
  start.clock = () => { second = 0; tick(); };
})();
