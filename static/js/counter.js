/* The counter: a code comes in by camera, scanner gun, photo or fingers, and always leaves through the same form.
   Camera: the browser's own BarcodeDetector where there is one, else jsQR, fetched on the first tap.
   Sound and vibration tell the result without looking; the screen stays awake while the camera is open. */
(function () {
  "use strict";
  const { $, $$, load, toast } = window.portal;

  /* ---- the one way out ---- */
  function redeem(text) {
    const form = $("form[data-redeem-form]") || $("form[data-gun]");
    if (!form || form.dataset.sent) return;
    form.elements.code.value = text.trim();
    form.requestSubmit ? form.requestSubmit() : form.submit();
  }

  /* ---- sound: two rising notes or one low one; made here, no file ---- */
  let audio;
  function unlock() {
    try { audio = audio || new AudioContext(); audio.resume?.(); } catch { /* silent device */ }
  }
  addEventListener("pointerdown", unlock, { passive: true });
  addEventListener("keydown", unlock);
  function note(hertz, at, length, shape) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.type = shape;
    tone.frequency.value = hertz;
    loud.gain.setValueAtTime(0.25, audio.currentTime + at);
    loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + length);
    tone.connect(loud).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + length);
  }
  function sound(result) {
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return; // no browser would let us
    navigator.vibrate?.(result === "stop" ? [120, 80, 120] : 60);
    unlock();
    if (!audio) return;
    if (result === "stop") { note(196, 0, 0.45, "square"); return; }
    note(880, 0, 0.14, "sine");
    if (result === "ok") note(1320, 0.13, 0.25, "sine");
  }
  function announce(part) {
    const result = part.matches?.("[data-result]") ? part : $("[data-result]", part);
    if (!result || result.dataset.heard) return;
    result.dataset.heard = "yes";
    sound(result.dataset.result);
    result.scrollIntoView({ block: "start" });
    result.focus({ preventScroll: true });
  }
  document.addEventListener("htmx:afterSettle", (event) => announce(event.target));
  announce(document);

  /* ---- a scanner gun types fast and ends with Enter, on whatever page we are ---- */
  const gun = { text: "", last: 0, field: null, before: "" };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const now = performance.now();
    if (now - gun.last > 100) { gun.text = ""; gun.field = null; }
    if (event.key === "Enter") {
      const shot = gun.text;
      gun.text = "";
      if (shot.length < 10 || now - gun.last > 100 || event.target.matches("[data-code]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (gun.field) gun.field.value = gun.before;
      redeem(shot);
      return;
    }
    if (event.key.length !== 1) return;
    if (!gun.text && "value" in event.target) { gun.field = event.target; gun.before = event.target.value; }
    gun.text += event.key;
    gun.last = now;
  }, true);

  /* ---- twelve digits, shown 4-4-4 while they are typed; full-width digits are digits too ---- */
  function group(input) {
    const plain = input.value.normalize("NFKC");
    const digits = plain.replace(/[\s-]/g, "");
    if (!/^\d{1,12}$/.test(digits) || input.selectionStart !== input.value.length) return;
    input.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  }
  document.addEventListener("input", (event) => { if (event.target.matches("[data-code]")) group(event.target); });

  /* ---- reading a picture ---- */
  async function reader() {
    if ("BarcodeDetector" in window) {
      const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
      if (formats.includes("qr_code")) {
        const detector = new BarcodeDetector({ formats: ["qr_code"] });
        return async (source) => (await detector.detect(source))[0]?.rawValue;
      }
    }
    await load("jsqr");
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return async (source, most) => {
      const [width, height] = [source.videoWidth || source.width, source.videoHeight || source.height];
      if (!width) return undefined;
      const scale = Math.min(1, (most || 640) / Math.max(width, height));
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      pen.drawImage(source, 0, 0, canvas.width, canvas.height);
      const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(pixels.data, pixels.width, pixels.height)?.data;
    };
  }

  /* ---- the camera ---- */
  function camera(box) {
    const says = JSON.parse(box.dataset.says);
    const video = $("video", box);
    const torch = $("[data-scan-torch]", box);
    let stream = null, awake = null, run = 0;
    const say = (text) => { $("[data-scan-say]", box).textContent = text; };

    function show(on) {
      box.classList.toggle("on", on);
      video.hidden = !on;
      $("[data-scan-tools]", box).hidden = !on;
    }
    function close() {
      run++;
      stream?.getTracks().forEach((track) => track.stop());
      awake?.release?.().catch(() => {});
      stream = awake = null;
      show(false);
      say("");
    }
    function offerTorch() {
      const track = stream.getVideoTracks()[0];
      if (!track.getCapabilities?.().torch) return;
      torch.hidden = false;
      torch.onclick = () => {
        const on = torch.getAttribute("aria-pressed") !== "true";
        track.applyConstraints({ advanced: [{ torch: on }] }).then(() => torch.setAttribute("aria-pressed", String(on)), () => {});
      };
    }
    async function look(read, mine) {
      while (mine === run) {
        const text = video.readyState >= 2 ? await read(video).catch(() => undefined) : undefined;
        if (text && mine === run) {
          say(says.found);
          navigator.vibrate?.(40);
          close();
          redeem(text);
          return;
        }
        await new Promise((next) => setTimeout(next, 80));
      }
    }
    async function open() {
      if (stream) return;
      if (!navigator.mediaDevices?.getUserMedia) { say(says.none); return; }
      const mine = ++run;
      const reading = reader();
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } });
      } catch (error) {
        say(error.name === "NotAllowedError" ? says.denied : says.none);
        return;
      }
      if (mine !== run) { close(); return; }
      video.srcObject = stream;
      show(true);
      say(says.looking);
      await video.play().catch(() => {});
      offerTorch();
      navigator.wakeLock?.request("screen").then((lock) => { awake = lock; }, () => {});
      look(await reading, mine);
    }

    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-scan-start]")) { box.scrollIntoView({ block: "nearest" }); open(); }
      if (event.target.closest("[data-scan-stop]")) close();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) close(); });
    addEventListener("pagehide", close);
    if ("open" in box.dataset) open();
  }

  /* ---- a photo: read here; nothing is sent but the code ---- */
  function photos(form) {
    const says = JSON.parse($("[data-scanner]")?.dataset.says || "{}");
    const input = $("input[type=file]", form);
    input.addEventListener("change", async () => {
      const file = input.files[0];
      input.value = "";
      if (!file) return;
      let text;
      try {
        const [read, picture] = await Promise.all([reader(), createImageBitmap(file)]);
        text = (await read(picture, 1200)) || (await read(picture, 600)) || (await read(picture, 2400));
      } catch { /* not a picture, or one this browser cannot open */ }
      if (text) redeem(text);
      else toast(says.blurry, "stop");
    });
  }

  $$("[data-scanner]").forEach(camera);
  $$("form[data-photo-form]").forEach(photos);
})();
