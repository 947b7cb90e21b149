/* Shows chosen pictures before they are sent, and says at once when one is too big. Drawn on a canvas, so that
   no blob address needs a place in the content security policy.
   <input type="file" data-preview="<id of a box>" data-max-mb="8" data-too-big="{name} …"> */
(function () {
  "use strict";
  const { $$, toast, start } = window.portal;

  async function show(file, box) {
    if (!file.type.startsWith("image/") || !window.createImageBitmap) return;
    try {
      const picture = await createImageBitmap(file, { resizeWidth: 192, resizeQuality: "medium" });
      const canvas = document.createElement("canvas");
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", file.name);
      canvas.getContext("2d").drawImage(picture, 0, 0);
      box.append(canvas);
    } catch { /* a picture the browser cannot read may still be one the server can */ }
  }

  function attach(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = "yes";
    input.addEventListener("change", () => {
      const box = document.getElementById(input.dataset.preview);
      const limit = Number(input.dataset.maxMb || 8) * 1048576;
      box.replaceChildren();
      for (const file of input.files) {
        if (file.size > limit) toast((input.dataset.tooBig || "{name}").replace("{name}", file.name), "stop");
        else show(file, box);
      }
    });
  }
  start.pictures = () => $$("input[data-preview]").forEach(attach);
})();
