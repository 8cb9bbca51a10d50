// Makes the portal nicer where scripts run. Every page does its work without it, and every text
// it shows was already in the page.
"use strict";

const FREE_AGAIN_SECONDS = 5;

// The text size changes in place; the server remembers it for the next page.
for (const form of document.querySelectorAll("form[data-koss-sizes]")) {
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (!pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = new FormData(form);
    body.set(pressed.name, pressed.value);
    document.documentElement.dataset.size = pressed.value;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === pressed));
    }
    fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
  });
}

// A form is sent once: the second press of an impatient finger does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.kossSent) {
    event.preventDefault();
    return;
  }
  form.dataset.kossSent = "yes";
  setTimeout(freeForms, FREE_AGAIN_SECONDS * 1000);
  hidePasswords();
});
const freeForms = () => {
  for (const form of document.querySelectorAll("form[data-koss-sent]")) {
    delete form.dataset.kossSent;
  }
};
window.addEventListener("pageshow", freeForms);
// No event tells that the user stopped the load: Escape frees the form, or some seconds.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") freeForms();
});

// パスワード表示: data-koss-show names the fields that it shows.
for (const label of document.querySelectorAll("[data-koss-show]")) {
  const box = label.querySelector("input");
  label.hidden = false;
  box.addEventListener("change", () => showPasswords(label, box.checked));
}

function showPasswords(label, shown) {
  for (const id of label.dataset.kossShow.split(" ")) {
    document.getElementById(id).type = shown ? "text" : "password";
  }
}

function hidePasswords() {
  for (const label of document.querySelectorAll("[data-koss-show]")) {
    label.querySelector("input").checked = false;
    showPasswords(label, false);
  }
}

// What was done, or what is wrong, takes the focus, so that it is the first thing read out.
// The attribute autofocus says the same to browsers that know it for every element.
document.querySelector("[data-koss-focus]")?.focus();

for (const button of document.querySelectorAll("[data-koss-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A confirm dialog in place of the confirm page: data-koss-confirm names the dialog.
for (const opener of document.querySelectorAll("[data-koss-confirm]")) {
  const dialog = document.getElementById(opener.dataset.kossConfirm);
  const kind = opener.tagName === "FORM" ? "submit" : "click";
  opener.addEventListener(kind, (event) => {
    if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
}
for (const button of document.querySelectorAll("dialog [data-koss-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

// The menus close on Escape and on a press elsewhere.
const openMenus = () => document.querySelectorAll("details[name='koss-menu'][open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The running total of what is ticked: the server's own figures, and what changed since.
const totals = document.querySelector("[data-koss-totals]");
if (totals) {
  const boxes = [...document.querySelectorAll("input[type='checkbox'][data-koss-kind]")];
  const write = (cell, number, before) => {
    cell.textContent = before + number.toLocaleString("en-US");
  };
  const addUp = () => {
    for (const row of totals.querySelectorAll("[data-koss-kind]")) {
      const count = row.querySelector("[data-koss-count]");
      const amount = row.querySelector("[data-koss-amount]");
      let more = 0;
      let yen = 0;
      for (const box of boxes) {
        if (box.dataset.kossKind !== row.dataset.kossKind) continue;
        const change = Number(box.checked) - Number(box.defaultChecked);
        more += change;
        yen += change * Number(box.dataset.kossAmount);
      }
      write(count, Number(count.dataset.kossCount) + more, "");
      write(amount, Number(amount.dataset.kossAmount) + yen, "¥ ");
    }
  };
  for (const box of boxes) box.addEventListener("change", addUp);
  window.addEventListener("pageshow", addUp);
}

// A number is copied without its spaces; the button says that it was.
for (const button of document.querySelectorAll("[data-koss-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const shown = document.getElementById(button.dataset.kossCopy).textContent;
    await navigator.clipboard.writeText(shown.replaceAll(/\s/g, ""));
    button.textContent = button.dataset.kossCopied;
  });
}
