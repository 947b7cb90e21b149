/* Maps: a store on a street, and picking a position. Everything works without tiles and without this script:
   the numbers stay in their inputs (WGS-84), the marker follows them and they follow the marker.
   <div data-map data-lat data-lng data-zoom data-tiles data-credit data-label>            shows one place
   … data-lat-input="lat" data-lng-input="lng"                                              also moves it
   … data-lazy: waits for a tap on the button inside, because Leaflet is 42 kB              */
(function () {
  "use strict";
  const { $, $$, load, start } = window.portal;
  const TOWN = [23.0205, 113.7518];

  function pinIcon(L) {
    const pin = document.createElement("span");
    pin.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 22c4.8-5.2 7.2-9.1 7.2-12.4a7.2 7.2 0 1 0-14.4 0C4.8 12.9 7.2 16.8 12 22Z"/><circle cx="12" cy="9.6" r="2.6" fill="#fff" stroke="none"/></svg>';
    return L.divIcon({ html: pin, className: "map-pin", iconSize: [36, 36], iconAnchor: [18, 34] });
  }

  function number(input) {
    const value = input && input.value.trim() !== "" ? Number(input.value) : NaN;
    return Number.isFinite(value) ? value : null;
  }

  function picker(L, map, marker, box) {
    const lat = document.getElementById(box.dataset.latInput);
    const lng = document.getElementById(box.dataset.lngInput);
    function put(place) {
      lat.value = place.lat.toFixed(6);
      lng.value = place.lng.toFixed(6);
      lat.dispatchEvent(new Event("input", { bubbles: true }));
    }
    marker.on("moveend", () => put(marker.getLatLng()));
    map.on("click", (event) => { marker.setLatLng(event.latlng).addTo(map); put(event.latlng); });
    function follow() {
      const [y, x] = [number(lat), number(lng)];
      if (y === null || x === null || Math.abs(y) > 90 || Math.abs(x) > 180) return;
      marker.setLatLng([y, x]).addTo(map);
      map.panTo([y, x]);
    }
    lat.addEventListener("change", follow);
    lng.addEventListener("change", follow);
    marker.getElement()?.addEventListener("keydown", (event) => nudge(event, map, marker, put));
    return [number(lat), number(lng)];
  }

  /* arrow keys move the marker by eight pixels, with shift by one */
  function nudge(event, map, marker, put) {
    const step = event.shiftKey ? 1 : 8;
    const by = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const place = map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(by));
    marker.setLatLng(place);
    put(place);
  }

  async function draw(box) {
    await Promise.all([load("leaflet"), load("leaflet_css")]);
    const L = window.L;
    const canvas = document.createElement("div");
    canvas.className = "map-canvas";
    box.replaceChildren(canvas);
    const picks = Boolean(box.dataset.latInput);
    const given = [Number(box.dataset.lat), Number(box.dataset.lng)];
    let at = given.every((one) => Number.isFinite(one) && one !== 0) ? given : null;
    const map = L.map(canvas, { zoomControl: true, scrollWheelZoom: picks, attributionControl: Boolean(box.dataset.credit) });
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit || "", maxZoom: 19 }).addTo(map);
    map.setView(at || TOWN, Number(box.dataset.zoom) || (at ? 16 : 11));
    const marker = L.marker(at || TOWN, { icon: pinIcon(L), draggable: picks, keyboard: true, alt: box.dataset.label || "", title: box.dataset.label || "" }).addTo(map);
    if (picks) {
      const typed = picker(L, map, marker, box);
      if (typed[0] !== null && typed[1] !== null) { marker.setLatLng(typed); map.setView(typed, 16); }
    }
  }

  start.map = () => $$("[data-map]").forEach((box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "yes";
    if (!("lazy" in box.dataset)) { draw(box); return; }
    $("button", box)?.addEventListener("click", () => draw(box), { once: true });
  });
})();
