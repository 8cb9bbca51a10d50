// The idle end of a sign-in: a warning with time to answer. When all is over, what was typed goes to
// the server to be kept (docs/adr/0042), and a page says so. How long it takes, the server says.
"use strict";

const FORM = "main form.koss-form[method='post'], main [data-koss-typed]";
const idle = document.querySelector("dialog[data-koss-idle]");
if (idle) {
  const page = idle.dataset.kossKeepAlive;
  const end = Number(idle.dataset.kossIdle) * 1000;
  const warned = Number(idle.dataset.kossWarnedAfter) * 1000;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`koss-idle ${page}`) : null;
  let warning, ending;

  const begin = () => {
    clearTimeout(warning);
    clearTimeout(ending);
    if (idle.open) idle.close();
    warning = setTimeout(() => idle.showModal(), warned);
    ending = setTimeout(leave, end + 1000);
  };
  const leave = async () => {
    const answer = await keepTyped();
    if (answer?.status === 204) begin(); // used elsewhere meanwhile: nothing is over
    else location.assign(idle.dataset.kossEnded);
  };
  const goOn = async () => {
    const answer = await fetch(page, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) {
      leave();
      return;
    }
    begin();
    tabs?.postMessage("used");
  };

  idle.querySelector("[data-koss-go-on]").addEventListener("click", goOn);
  // Escape says the same as the button: somebody is there.
  idle.addEventListener("cancel", goOn);
  tabs?.addEventListener("message", begin);
  tabs?.postMessage("used");
  begin();
}

// Texts and choices of the page's form, never a password or a file; the server carries nothing out.
function keepTyped() {
  const form = document.querySelector(FORM);
  if (!form) return null;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const isSecret = form.querySelector(`[type="password"][name="${CSS.escape(name)}"]`);
    if (typeof value === "string" && !isSecret) body.append(name, value);
  }
  body.set("koss_only_keep", "1");
  return fetch(form.action, { method: "POST", body }).catch(() => null);
}
