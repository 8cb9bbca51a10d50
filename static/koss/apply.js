// Makes 申請を行う nicer where scripts run: the camera, the progress of a file, and what became of a
// download. Every page does its work without it, and every text it shows was already in the page.
"use strict";

const LOOK_AGAIN = 200; // milliseconds between two looks at the camera's picture

// The camera: only where the browser reads codes by itself. A certificate bears several codes, so
// the camera stays open and every new one becomes a line of the field.
const camera = document.querySelector("[data-koss-camera]");
if (camera && "BarcodeDetector" in window && navigator.mediaDevices) offerCamera(camera);

async function offerCamera(part) {
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  const field = document.getElementById(part.dataset.kossCamera);
  const button = part.querySelector("button");
  const video = part.querySelector("video");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let stream = null;

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = video.srcObject = null;
    video.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  const take = (code) => {
    const lines = field.value.split("\n").filter(Boolean);
    if (!code || lines.includes(code)) return;
    field.value = [...lines, code].join("\n");
    say(part, "found");
  };
  const watch = async () => {
    if (!stream) return;
    const found = await detector.detect(video).catch(() => []);
    if (!stream) return;
    for (const each of found) take(each.rawValue);
    setTimeout(watch, LOOK_AGAIN);
  };
  const start = async () => {
    button.setAttribute("aria-expanded", "true");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      await video.play();
    } catch {
      stop();
      say(part, "failed");
      return;
    }
    video.hidden = false;
    say(part, "looking");
    watch();
  };

  part.hidden = false;
  button.addEventListener("click", () => {
    if (!stream) {
      start();
      return;
    }
    stop();
    say(part, "");
  });
  window.addEventListener("pagehide", stop);
}

// A file on its way: how much of it has arrived. What the server answers is shown as it would be.
function showProgress(form) {
  const bar = form.querySelector("progress");
  form.addEventListener("submit", (event) => {
    if (!form.querySelector("input[type=file]").files.length) return;
    event.preventDefault();
    if (!bar.parentElement.hidden) return;
    bar.parentElement.hidden = false;
    bar.removeAttribute("value");
    const body = new FormData(form, event.submitter);
    const sent = new XMLHttpRequest();
    sent.open("POST", form.action);
    sent.upload.addEventListener("progress", ({ loaded, total }) => {
      // All of it has arrived: it is being looked at, for nobody knows how long.
      if (loaded < total) bar.value = loaded / total;
      else bar.removeAttribute("value");
    });
    sent.addEventListener("load", () => show(sent));
    sent.addEventListener("error", () => {
      bar.parentElement.hidden = true;
      say(form, "failed");
    });
    sent.send(body);
  });
}

function show(sent) {
  const page = new DOMParser().parseFromString(sent.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    location.assign(sent.responseURL);
    return;
  }
  document.title = page.title;
  history.replaceState(null, "", sent.responseURL);
  document.querySelector("main").replaceWith(document.adoptNode(main));
  prepareForms();
  (document.querySelector("[data-koss-focus]") ?? document.querySelector("main")).focus();
}

// A form whose answer is a file: the page stays, so it says that the file was saved. Any other
// answer, such as a page with a message, comes by the form itself.
function tellOfDownload(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.kossBusy) return;
    form.dataset.kossBusy = "yes";
    say(form, "working");
    const body = new FormData(form, event.submitter);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    delete form.dataset.kossBusy;
    if (!answer?.headers.get("Content-Disposition")) {
      form.submit();
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = form.dataset.kossDownload;
    link.click();
    say(form, "saved");
  });
}

function say(part, which) {
  for (const text of part.querySelectorAll("[data-koss-says]")) {
    text.hidden = text.dataset.kossSays !== which;
  }
}

function prepareForms() {
  document.querySelectorAll("form[data-koss-progress]").forEach(showProgress);
  document.querySelectorAll("form[data-koss-download]").forEach(tellOfDownload);
}
prepareForms();
