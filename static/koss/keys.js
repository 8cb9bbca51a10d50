// Keys for who works through a list of applications: j and k walk its rows, the other keys follow
// what names them by data-koss-key. They are off until somebody wants them, never heard while a
// field has the focus, and leave all keys of the browser alone.
"use strict";

(() => {
  const panel = document.querySelector("[data-koss-keys]");
  const KEPT_AS = "koss-keys";
  const button = panel.querySelector("button");
  let wanted = false;
  try {
    wanted = localStorage.getItem(KEPT_AS) === "on";
  } catch {
    // Nothing is kept: they are off again on the next page.
  }

  const show = () => {
    button.setAttribute("aria-pressed", String(wanted));
    panel.querySelector("p").hidden = !wanted;
  };
  panel.hidden = false;
  show();

  button.addEventListener("click", () => {
    wanted = !wanted;
    show();
    try {
      localStorage.setItem(KEPT_AS, wanted ? "on" : "off");
    } catch {
      // See above.
    }
  });

  const walk = (step) => {
    const rows = [...document.querySelectorAll("#result_list tbody th a")];
    const row = document.activeElement?.closest("#result_list tbody tr");
    const here = rows.findIndex((link) => row?.contains(link));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    rows[next]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    const isSpoken = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    const typesIn = "input:not([type=checkbox]), select, textarea";
    if (!wanted || isSpoken || event.target.closest(typesIn)) return;
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (/^[a-z]$/.test(event.key)) {
      document.querySelector(`[data-koss-key="${event.key}"]`)?.click();
    }
  });
})();
