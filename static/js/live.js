/* Pages that ask every few seconds and get a part anew: what somebody types, ticked or unfolded there stays. While he
   types the part is kept as it is; afterwards the new one comes with his entries in it. Without this file the page is
   as fresh, and a form in it is empty again. */
(function () {
  "use strict";
  const { $, $$ } = window.portal;
  const PAUSE = 8000;
  const FIELDS = "input:not([type=hidden], [type=submit]), select, textarea";
  let typed = -Infinity;
  let kept = null;

  document.addEventListener("input", () => { typed = performance.now(); }, true);
  const typing = (part) => part.contains(document.activeElement)
    && document.activeElement.matches("input:not([type=radio], [type=checkbox]), textarea") && performance.now() - typed < PAUSE;
  const changed = (field) => (field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked
    : field.matches("select") ? [...field.options].some((one) => one.selected !== one.defaultSelected)
      : field.value !== field.defaultValue);
  const choice = (field) => field.matches("[type=radio], [type=checkbox]");
  const same = (form, field) => $$(FIELDS, form).find(
    (one) => one.name === field.name && one.type === field.type && (!choice(one) || one.value === field.value)
  );

  function remember(part) {
    const forms = $$("form", part).map((form) => ({
      action: form.getAttribute("action"),
      fields: $$(FIELDS, form).filter(changed).map((one) => (
        { name: one.name, type: one.type, value: one.value, checked: one.checked, one }
      )),
    }));
    return {
      forms: forms.filter((form) => form.fields.length),
      open: $$("details[open][id]", part).map((one) => one.id),
      at: part.contains(document.activeElement) ? document.activeElement.id : "",
    };
  }
  function bring(part, was) {
    was.open.map((id) => document.getElementById(id)).forEach((one) => { if (one) one.open = true; });
    was.forms.forEach(({ action, fields }) => {
      const form = $$("form", part).find((one) => one.getAttribute("action") === action);
      if (!form) return;
      fields.forEach((field) => {
        const now = same(form, field.one);
        if (now && choice(now)) now.checked = field.checked;
        else if (now) now.value = field.value;
      });
    });
    if (was.at) document.getElementById(was.at)?.focus({ preventScroll: true });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (requestConfig?.verb !== "get" || !target?.matches?.("#live")) return;
    if (typing(target)) { event.detail.shouldSwap = false; return; }
    kept = remember(target);
  });
  document.addEventListener("htmx:afterSwap", () => {
    const part = $("#live");
    if (kept && part) bring(part, kept);
    kept = null;
  });
})();
