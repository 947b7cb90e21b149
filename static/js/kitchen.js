/* Kitchen screens: a sound again and again until somebody has seen what is new; bump bars press 1–9 for a card, r for
   calling back the last one. Without this everything is a button. */
(function () {
  "use strict";
  const { $, $$ } = window.portal;
  const EVERY = 5000;
  let audio = null;
  let wanted = false;

  function bell() {
    if (!audio) return;
    [[988, 0], [1319, 0.18]].forEach(([hertz, at]) => {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = hertz;
      loud.gain.setValueAtTime(0.3, audio.currentTime + at);
      loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.4);
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.4);
    });
  }
  function unseen() {
    const board = $("#board");
    return board ? Number(board.dataset.unseen) : 0;
  }
  function ring() {
    if (wanted && unseen() > 0) { bell(); navigator.vibrate?.(120); }
  }
  function show() {
    $$("[data-sound]").forEach((button) => button.setAttribute("aria-pressed", String(wanted)));
  }
  function aim() {
    const here = $(".tabs [aria-current]");
    const row = here?.closest(".tabs");
    if (row) row.scrollLeft = here.offsetLeft - row.offsetLeft - 48;
  }
  aim();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sound]")) return;
    wanted = !wanted;
    try { audio = audio || new AudioContext(); audio.resume?.(); } catch { wanted = false; }
    if (wanted) { bell(); navigator.wakeLock?.request("screen").catch(() => {}); }
    show();
  });
  document.addEventListener("htmx:afterSettle", () => { show(); ring(); aim(); });
  setInterval(ring, EVERY);

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (/^[1-9]$/.test(event.key)) {
      const whole = $(`form[data-card="${event.key}"] button[name="all"]`);
      if (whole) { event.preventDefault(); whole.click(); }
    }
    if (event.key === "r" || event.key === "R") {
      const back = $(".kdone form button");
      if (back) { event.preventDefault(); back.click(); }
    }
  });
})();
