/* Where am I: asked only on a tap. The place goes into the address (four decimals, about ten metres), WGS-84,
   and into a cookie so that the next visit opens at the same place. Refusing is as good as agreeing: the place
   picker stands beside it.
   <form method="get" data-locate data-says='{"asking":…,"denied":…,"failed":…,"unsure":…}'>
     <input type="hidden" name="lat"><input type="hidden" name="lng"><button data-locate-button>…</button><p data-locate-say> */
(function () {
  "use strict";
  const { $, $$, start } = window.portal;

  function remember(lat, lng) {
    document.cookie = `place=${lat},${lng};path=/;max-age=15552000;samesite=lax`;
  }

  function attach(form) {
    if (form.dataset.ready) return;
    form.dataset.ready = "yes";
    const says = JSON.parse(form.dataset.says || "{}");
    const line = $("[data-locate-say]", form);
    const button = $("[data-locate-button], button", form);
    const tell = (text) => { if (line) line.textContent = text || ""; };

    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (!navigator.geolocation) { tell(says.failed); return; }
      tell(says.asking);
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition((position) => {
        const { latitude, longitude, accuracy } = position.coords;
        form.elements.lat.value = latitude.toFixed(4);
        form.elements.lng.value = longitude.toFixed(4);
        remember(form.elements.lat.value, form.elements.lng.value);
        if (accuracy > 3000) tell(says.unsure);
        form.requestSubmit ? form.requestSubmit() : form.submit();
      }, (error) => {
        button.removeAttribute("aria-busy");
        tell(error.code === error.PERMISSION_DENIED ? says.denied : says.failed);
      }, { enableHighAccuracy: false, timeout: 10000, maximumAge: 60000 });
    });
  }
  start.nearby = () => $$("[data-locate]").forEach(attach);
})();
