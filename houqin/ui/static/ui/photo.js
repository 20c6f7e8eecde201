// A photo is made small before it travels, shown at once, and kept while the form is mended. Without this file the
// server does the same with the photo as the camera took it.
"use strict";

(function photos() {
  const LONGEST = 2048, SMALL = 320, QUALITY = 0.82, LIGHT_BYTES = 700_000;
  const KINDS = ["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"];
  const PREFIX = "houqin-photo:";
  const ready = new WeakMap(); // input → its photo as a data address, to outlive a page that comes back with faults

  function drawn(picture, longest) {
    const share = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // Of what the camera wrote only the moment goes along; place, make and owner stay on the phone.
  async function taken(file) {
    const head = new TextDecoder("latin1").decode(await file.slice(0, 131_072).arrayBuffer());
    return (head.match(/(?:19|20)\d\d:[01]\d:[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d/g) || []).sort()[0];
  }

  // The shortest EXIF segment: a directory whose one entry leads to a second, whose one entry is DateTimeOriginal.
  const EXIF = [
    "ffe10048", "457869660000", "4d4d002a00000008",
    "0001", "8769000400000001", "0000001a", "00000000",
    "0001", "9003000200000014", "0000002c", "00000000",
  ].join("").match(/../g).map((pair) => parseInt(pair, 16));

  function withMoment(jpeg, moment) {
    const text = [...moment].map((letter) => letter.charCodeAt(0));
    return [jpeg.slice(0, 2), new Uint8Array([...EXIF, ...text, 0]), jpeg.slice(2)];
  }

  async function shrunk(file, picture) {
    if (file.size <= LIGHT_BYTES && Math.max(picture.width, picture.height) <= LONGEST) return file;
    const jpeg = await new Promise((done) => drawn(picture, LONGEST).toBlob(done, "image/jpeg", QUALITY));
    const moment = await taken(file);
    const parts = moment ? withMoment(jpeg, moment) : [jpeg];
    return new File(parts, file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }

  function put(input, file) {
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
  }

  function preview(input, picture, file) {
    const old = input.parentElement.querySelector(".photo-preview");
    if (old) old.remove();
    if (!picture) return;
    const figure = document.createElement("figure"), small = drawn(picture, SMALL), words = document.createElement("figcaption");
    figure.className = "photo-preview";
    small.setAttribute("role", "img");
    small.setAttribute("aria-label", input.dataset.alt);
    const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    words.textContent = input.dataset.words
      .replace("{width}", Math.round(picture.width * share)).replace("{height}", Math.round(picture.height * share))
      .replace("{kb}", Math.ceil(file.size / 1024));
    figure.append(small, words);
    input.insertAdjacentElement("afterend", figure);
  }

  function address(file) {
    return new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(file);
    });
  }

  async function take(input) {
    const file = input.files[0];
    ready.delete(input);
    if (!file || !KINDS.includes(file.type)) { preview(input, null); return; }
    try {
      const picture = await createImageBitmap(file);
      const light = await shrunk(file, picture);
      if (input.files[0] !== file) return; // another one was taken meanwhile
      if (light !== file) put(input, light);
      preview(input, picture, light);
      ready.set(input, await address(light));
    } catch {
      preview(input, null); // What this browser cannot read, the server answers in words.
    }
  }

  const store = {
    names() { try { return Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX)); } catch { return []; } },
    get(name) { try { return sessionStorage.getItem(name); } catch { return null; } },
    set(name, value) { try { sessionStorage.setItem(name, value); } catch { /* no room: the photo is taken once more */ } },
    drop(name) { sessionStorage.removeItem(name); },
  };
  const nameOf = (input) => `${PREFIX}${input.form.elements._key.value}:${input.name}`;
  const inputs = (root) => [...root.querySelectorAll("input[type=file][data-photo]")].filter((one) => one.form && one.form.elements._key);

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-photo]")) take(event.target);
  });
  document.addEventListener("submit", (event) => {
    inputs(event.target).forEach((input) => { if (ready.has(input)) store.set(nameOf(input), ready.get(input)); });
  });

  // The same form with its faults: the photo stands there again. Any other page: it has arrived.
  const back = inputs(document).map((input) => [input, store.get(nameOf(input))]).filter(([, kept]) => kept);
  store.names().forEach((name) => store.drop(name));
  back.forEach(([input, kept]) => {
    const bytes = Uint8Array.from(atob(kept.split(",")[1]), (letter) => letter.charCodeAt(0));
    put(input, new File([bytes], "photo.jpg", { type: kept.slice(5, kept.indexOf(";")) }));
    take(input);
  });
})();
