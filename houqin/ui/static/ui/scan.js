// Codes come into an entry by the camera, by a picture of the code, or by a hand scanner, which types and presses Enter.
// <button type="button" data-scan="#id_of_the_entry"> opens the camera; the entry gets the text and a change event.
"use strict";

(function scanner() {
  const FORMATS = ["qr_code", "ean_13", "ean_8", "code_128"];
  const LOOK_EVERY = 120;
  // A code that is not found at one size is at another.
  const LIVE_SIDES = [640, 480, 960, 320], PICTURE_SIDES = [1200, 700, 480, 2000];
  const template = document.getElementById("scanner");
  let reading; // (canvas, thoroughly) → text or "", once a reader was asked for

  function script(address) {
    return new Promise((done, fail) => {
      const tag = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: fail });
      document.head.append(tag);
    });
  }

  // The browser's own reader where it knows all kinds of codes, else one that is loaded now.
  async function reader() {
    if ("BarcodeDetector" in self) {
      const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
      if (FORMATS.every((one) => known.includes(one))) {
        const own = new BarcodeDetector({ formats: FORMATS });
        return async (canvas) => ((await own.detect(canvas))[0] || { rawValue: "" }).rawValue;
      }
    }
    await script(template.dataset.reader);
    const { BarcodeFormat, BinaryBitmap, DecodeHintType, HTMLCanvasElementLuminanceSource, HybridBinarizer, MultiFormatReader } = self.ZXing;
    const kinds = [DecodeHintType.POSSIBLE_FORMATS, FORMATS.map((one) => BarcodeFormat[one.toUpperCase()])];
    const [quick, thorough] = [new Map([kinds]), new Map([kinds, [DecodeHintType.TRY_HARDER, true]])];
    return async (canvas, thoroughly) => {
      try {
        const picture = new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(canvas)));
        return new MultiFormatReader().decode(picture, thoroughly ? thorough : quick).getText();
      } catch {
        return "";
      }
    };
  }

  function drawn(picture, width, height, longest, turned) {
    const share = Math.min(1, longest / Math.max(width, height));
    const canvas = document.createElement("canvas");
    const across = Math.max(1, Math.round(width * share)), down = Math.max(1, Math.round(height * share));
    [canvas.width, canvas.height] = turned ? [down, across] : [across, down];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (turned) pen.transform(0, 1, -1, 0, down, 0);
    pen.drawImage(picture, 0, 0, across, down);
    return canvas;
  }

  async function inPicture(file) {
    const read = await (reading ||= reader());
    const picture = await createImageBitmap(file);
    for (const longest of PICTURE_SIDES) {
      for (const turned of [false, true]) {
        const text = await read(drawn(picture, picture.width, picture.height, longest, turned), true);
        if (text) return text;
      }
    }
    return "";
  }

  const isQuestion = (entry) => entry.form && entry.form.method === "get";

  function enter(entry, text) {
    entry.value = text.trim();
    entry.dispatchEvent(new Event("input", { bubbles: true }));
    entry.dispatchEvent(new Event("change", { bubbles: true }));
    if (isQuestion(entry)) entry.form.requestSubmit();
    else entry.focus();
  }

  function open(entry) {
    const dialog = template.content.firstElementChild.cloneNode(true);
    const video = dialog.querySelector("video"), chosen = dialog.querySelector("input");
    let stream = null;

    function say(name) {
      dialog.querySelectorAll("[data-say]").forEach((one) => { one.hidden = one.dataset.say !== name; });
    }
    function found(text) {
      dialog.close();
      if (navigator.vibrate) navigator.vibrate(60);
      enter(entry, text);
    }
    async function watch() {
      if (!navigator.mediaDevices) { say("plain"); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      } catch {
        say("denied");
        return;
      }
      if (!dialog.open) { stop(); return; }
      video.srcObject = stream;
      video.hidden = false;
      say("live");
      await video.play();
      const read = await (reading ||= reader());
      for (let turn = 0; dialog.open; turn += 1) {
        const longest = LIVE_SIDES[turn % LIVE_SIDES.length];
        const text = video.videoWidth && await read(drawn(video, video.videoWidth, video.videoHeight, longest, false), false);
        if (text && dialog.open) { found(text); return; }
        await new Promise((done) => setTimeout(done, LOOK_EVERY));
      }
    }
    function stop() {
      if (stream) stream.getTracks().forEach((track) => track.stop());
    }

    chosen.addEventListener("change", async () => {
      say("looking");
      const text = chosen.files[0] ? await inPicture(chosen.files[0]).catch(() => "") : "";
      chosen.value = "";
      if (text) found(text);
      else say("nothing");
    });
    dialog.addEventListener("close", () => { stop(); dialog.remove(); });
    document.body.append(dialog);
    dialog.showModal();
    watch();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scan]");
    const entry = button && document.querySelector(button.dataset.scan);
    if (entry && template) open(entry);
  });

  // A hand scanner ends with Enter: that enters the code, and sends no form but one that only asks.
  document.addEventListener("keydown", (event) => {
    const entry = event.target;
    if (event.key !== "Enter" || event.isComposing || !entry.id || isQuestion(entry)) return;
    if (!document.querySelector(`[data-scan="#${CSS.escape(entry.id)}"]`)) return;
    event.preventDefault();
    let told = false;
    const hear = () => { told = true; };
    entry.addEventListener("change", hear);
    entry.blur();
    entry.removeEventListener("change", hear);
    if (!told) entry.dispatchEvent(new Event("change", { bubbles: true }));
    entry.focus();
    entry.select();
  });
})();
