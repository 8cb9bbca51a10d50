// Makes the counter's pages quicker where scripts run. Every page does its work without it, and
// every text it shows was already in the page.
"use strict";

const PAUSE = 200; // milliseconds between two looks at the camera's picture

for (const button of document.querySelectorAll("[data-koss-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A scanner types into the field: what a refused try left there is replaced by the next scan.
const typed = document.querySelector("[data-koss-look] input[name=text]");
if (typed) {
  typed.addEventListener("focus", () => typed.select());
  if (document.activeElement === typed) typed.select();
}

// The camera: only where the browser reads codes by itself.
const look = document.querySelector("[data-koss-look]");
if (look && "BarcodeDetector" in window && navigator.mediaDevices) offerCamera(look);

async function offerCamera(form) {
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  const button = form.querySelector("[data-koss-camera]");
  const view = form.querySelector("[data-koss-view]");
  const video = view.querySelector("video");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let stream = null;

  const say = (which) => {
    for (const text of view.querySelectorAll("[data-koss-says]")) {
      text.hidden = text.dataset.kossSays !== which;
    }
  };
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = video.srcObject = null;
    button.setAttribute("aria-expanded", "false");
  };
  const watch = async () => {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (!stream) return;
    if (!found) {
      setTimeout(watch, PAUSE);
      return;
    }
    stop();
    form.elements.text.value = found.rawValue;
    form.requestSubmit();
  };
  const start = async () => {
    view.hidden = false;
    button.setAttribute("aria-expanded", "true");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      await video.play();
    } catch {
      stop();
      say("failed");
      return;
    }
    say("looking");
    watch();
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    if (!stream) {
      start();
      return;
    }
    stop();
    view.hidden = true;
  });
  window.addEventListener("pagehide", stop);
}
