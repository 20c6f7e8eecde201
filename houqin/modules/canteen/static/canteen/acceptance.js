// A delivery weighed in with one thumb: the page's own keypad, the next line by itself, everything else by exception.
// Without this file the page is a plain table that the server checks.
"use strict";

(function door() {
  const form = document.querySelector("form.door");
  if (!form) return;
  const GRAMS = { kg: 1000, jin: 500 };
  const DAY = 86_400_000;
  const phone = matchMedia("(max-width: 820px)");
  const pad = form.querySelector("[data-keypad]");
  const slip = Number(form.dataset.slip);
  let active = null; // the entry that the keypad writes into

  const words = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const lines = () => [...form.querySelectorAll("[data-line]")];
  const entry = (line, name) => line.querySelector(`[name$="-${name}"]`);
  const changed = (one) => one.dispatchEvent(new Event("input", { bubbles: true }));
  const put = (one, value) => { one.value = value; changed(one); };
  const kilograms = (grams) => String(Math.round(grams / 10) / 100);
  const today = () => (navigator.onLine ? form.dataset.today : new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10));

  function nameOf(line) {
    const fixed = line.querySelector(".door-name");
    return fixed ? fixed.textContent : entry(line, "product").value;
  }

  function gramsOf(line, name = "number") {
    const unit = entry(line, "unit").value;
    const each = GRAMS[unit] || Number(entry(line, "pack_grams").value) * 1000;
    return Math.round(Number(entry(line, name).value) * each) || 0;
  }

  // What is to be said about a line, at once and beside it ---------------------------------------------------------

  function isUnusual(line) {
    const usual = Number(line.dataset.usual), grams = gramsOf(line);
    return Boolean(usual && grams && !(usual < grams * slip && grams < usual * slip));
  }

  function lacksDate(line) {
    const weighed = entry(line, "number").value !== "";
    return weighed && line.hasAttribute("data-dated") && !entry(line, "loose").checked && !entry(line, "produced_on").value;
  }

  function wrongDate(line) {
    if (entry(line, "produced_on").value > today()) return form.dataset.later;
    const expires = entry(line, "expires_on").value;
    return entry(line, "number").value && expires && expires < today() ? form.dataset.expired : "";
  }

  function look(line) {
    const box = line.querySelector("[data-sure]"), unusual = isUnusual(line);
    box.hidden = !unusual;
    if (unusual) {
      box.querySelector("[data-told]").textContent = words(form.dataset.unusual, { usual: kilograms(Number(line.dataset.usual)), weight: kilograms(gramsOf(line)) });
    } else {
      entry(line, "sure").checked = false;
    }
    line.querySelector("[data-pack]").hidden = entry(line, "unit").value !== "pack";
    line.querySelector("[data-told-date]").textContent = wrongDate(line);
    line.classList.toggle("is-weighed", Boolean(entry(line, "number").value || entry(line, "away").value));
    line.querySelector(".door-date").toggleAttribute("data-optional", !line.hasAttribute("data-dated") && !entry(line, "produced_on").value);
    line.querySelectorAll("[data-produced]").forEach((one) =>
      one.setAttribute("aria-pressed", String(one.dataset.produced === entry(line, "produced_on").value)));
  }

  function isFine(line) {
    if (isUnusual(line) && !entry(line, "sure").checked) return false;
    if (lacksDate(line)) { line.querySelector("[data-told-date]").textContent = form.dataset.undated; return false; }
    return !wrongDate(line);
  }

  // Papers: only what the goods that came need ------------------------------------------------------------------------

  function lookAtPapers() {
    const came = lines().filter((line) => entry(line, "number").value);
    const rows = [...form.querySelectorAll("[data-paper]")];
    rows.forEach((row) => {
      const asking = came.filter((line) => (line.dataset.asks || "").split(" ").includes(row.dataset.paper));
      row.hidden = asking.length === 0;
      row.querySelector("[data-for]").textContent = asking.map(nameOf).join("、");
      if (row.hidden) { entry(row, "on_photo").checked = false; entry(row, "number").value = ""; }
    });
    const asked = rows.filter((row) => !row.hidden);
    form.querySelector("[data-paper-photo]").hidden = asked.length === 0;
    form.querySelector("[data-papers-later]").hidden = asked.length === 0;
    form.querySelector("[data-no-papers]").hidden = asked.length > 0 || came.length === 0;
    const grams = came.reduce((sum, line) => sum + gramsOf(line), 0);
    const sum = form.querySelector("[data-sum]");
    sum.textContent = came.length ? words(sum.dataset.words, { count: came.length, weight: kilograms(grams) }) : "";
  }

  // One photo of the papers shows them all, until somebody says otherwise.
  function tickPhoto(input) {
    form.querySelectorAll("[data-paper]:not([hidden])").forEach((row) => {
      entry(row, "on_photo").checked = input.files.length > 0 && !entry(row, "number").value;
    });
  }

  // The keypad -----------------------------------------------------------------------------------------------------------

  const lineOf = (one) => one && one.closest("[data-line]");

  function show() {
    lines().forEach((line) => line.classList.toggle("is-active", line === lineOf(active)));
    const open = Boolean(active) && phone.matches;
    pad.hidden = !open;
    form.classList.toggle("has-keypad", open);
    if (!open) return;
    const line = lineOf(active), unit = entry(line, "unit").value, packs = pad.querySelector('[data-unit="pack"]');
    const usual = line.querySelector(".door-goods small");
    pad.querySelector("[data-keypad-name]").textContent = nameOf(line);
    pad.querySelector("[data-keypad-usual]").textContent = usual ? usual.textContent : "";
    pad.querySelector("[data-keypad-value]").textContent = active.value || "0";
    pad.querySelector("[data-keypad-units]").hidden = !/-(number|away)$/.test(active.name);
    pad.querySelector('[data-key="sign"]').disabled = !active.name.endsWith("-tenths");
    const content = entry(line, "pack_grams").value;
    packs.textContent = (entry(line, "pack").value || packs.dataset.words) + (content ? ` ${content}kg` : "");
    pad.querySelectorAll("[data-unit]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.unit === unit)));
  }

  function open(one) {
    active = one;
    show();
    const line = lineOf(one);
    if (!line) return;
    if (phone.matches) line.scrollIntoView({ block: "center" });
    else one.focus();
  }

  function toggleMore(line, wanted) {
    const opened = line.classList.toggle("is-open", wanted);
    line.querySelector("[data-more]").setAttribute("aria-expanded", String(opened));
    if (opened && phone.matches) line.scrollIntoView({ block: "start" });
  }

  function next() {
    const line = lineOf(active), all = lines();
    look(line);
    if (!isFine(line)) {
      if (!phone.matches && lacksDate(line)) entry(line, "produced_on").focus();
      return;
    }
    toggleMore(line, false);
    const following = all.slice(all.indexOf(line) + 1).find((one) => nameOf(one));
    if (following) { open(entry(following, "number")); return; }
    active = null;
    show();
    form.querySelector("[data-papers]").scrollIntoView({ block: "start" });
    if (!phone.matches) form.querySelector("[data-add-line]").focus();
  }

  function press(key) {
    const value = active.value;
    if (key === "next") next();
    else if (key === "close") { active = null; show(); }
    else if (key === "more") toggleMore(lineOf(active));
    else if (key === "back") put(active, value.slice(0, -1));
    else if (key === "sign") put(active, value.startsWith("-") ? value.slice(1) : `-${value}`);
    else if (key !== "." || !value.includes(".")) put(active, value === "0" && key !== "." ? key : `${value}${key === "." && !value ? "0." : key}`);
  }

  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]"), unit = event.target.closest("[data-unit]");
    if (key) press(key.dataset.key);
    if (unit) {
      const line = lineOf(active);
      put(entry(line, "unit"), unit.dataset.unit);
      if (unit.dataset.unit === "pack" && !entry(line, "pack_grams").value) open(entry(line, "pack_grams"));
    }
  });

  // Lines -------------------------------------------------------------------------------------------------------------------

  function prepare(line) {
    if (line.dataset.ready) return;
    line.dataset.ready = "yes";
    line.querySelectorAll("input[inputmode=decimal]").forEach((one) => { if (phone.matches) one.inputMode = "none"; });
    look(line);
  }

  function named(line) {
    const option = [...document.getElementById("goods-names").options].find((one) => one.value === entry(line, "product").value);
    line.dataset.asks = option ? option.dataset.asks : "";
    line.toggleAttribute("data-dated", Boolean(option) && option.hasAttribute("data-dated"));
    line.dataset.shelf = (option && option.dataset.shelf) || "";
  }

  function keepsUntil(line) {
    const produced = entry(line, "produced_on").value, expires = entry(line, "expires_on");
    if (!produced || !line.dataset.shelf || (expires.value && !expires.dataset.reckoned)) return;
    expires.value = new Date(Date.parse(produced) + Number(line.dataset.shelf) * DAY).toISOString().slice(0, 10);
    expires.dataset.reckoned = "yes";
  }

  form.addEventListener("click", (event) => {
    const line = lineOf(event.target);
    if (!line) return;
    const produced = event.target.closest("[data-produced]");
    if (produced) {
      const expires = entry(line, "expires_on");
      expires.value = produced.dataset.expires || "";
      delete expires.dataset.reckoned;
      entry(line, "batch").value = produced.dataset.batch || "";
      put(entry(line, "produced_on"), produced.dataset.produced);
    } else if (event.target.closest("[data-more]")) {
      toggleMore(line);
    } else if (phone.matches && event.target.matches("input[inputmode=none]")) {
      open(event.target);
    } else if (phone.matches && !event.target.closest("input, select, label, button, .door-extra")) {
      open(entry(line, "number"));
    }
  });

  form.addEventListener("input", (event) => {
    const line = lineOf(event.target);
    if (event.target.type === "file" && event.target.closest("[data-paper-photo]")) tickPhoto(event.target);
    if (line) {
      prepare(line);
      if (event.target.name.endsWith("-product")) named(line);
      if (event.target.name.endsWith("-produced_on")) keepsUntil(line);
      if (event.target.name.endsWith("-expires_on")) delete event.target.dataset.reckoned;
      look(line);
      if (active && lineOf(active) === line) show();
    }
    lookAtPapers();
  });

  form.addEventListener("focusin", (event) => { if (!phone.matches && lineOf(event.target)) { active = event.target; show(); } });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !lineOf(event.target) || event.target.matches("button")) return;
    event.preventDefault();
    active = event.target;
    next();
  });

  form.querySelector("[data-add-line]").addEventListener("click", () => { active = null; show(); lines().forEach(prepare); });

  // Codes -------------------------------------------------------------------------------------------------------------------

  function lineFor(said) {
    const same = lines().find((line) => {
      const value = entry(line, "product").value;
      return value && (value === said.product || value === said.name) && !entry(line, "number").value;
    });
    if (same) return same;
    const blank = lines().find((line) => !nameOf(line));
    if (!blank) form.querySelector("[data-add-line]").click();
    const line = blank || lines().at(-1);
    prepare(line);
    if (said.name) put(entry(line, "product"), said.name);
    return line;
  }

  function fill(said) {
    const note = form.querySelector("[data-scan-note]");
    note.hidden = !said.message;
    note.querySelector("[data-words]").textContent = said.message || "";
    if (!said.product && !said.code && !said.batch && !said.number) return;
    const line = lineFor(said);
    ["code", "batch", "expires_on", "produced_on", "pack_grams", "unit", "number"].forEach((name) => {
      if (said[name]) put(entry(line, name), said[name]);
    });
    const paper = form.querySelector('[data-paper="conformity"]:not([hidden])');
    if (said.certificate && paper && !entry(paper, "number").value) put(entry(paper, "number"), said.certificate);
    if (nameOf(line)) open(entry(line, "number"));
    else entry(line, "product").focus();
  }

  document.getElementById("scanned").addEventListener("change", async (event) => {
    const code = event.target.value;
    event.target.value = "";
    if (!code) return;
    try {
      const answer = await fetch(`${form.dataset.codes}&code=${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } });
      fill(await answer.json());
    } catch {
      fill({ message: form.dataset.unread });
    }
  });

  // The blank line for pages without this file gives way to the button that adds one.
  lines().filter((line) => !nameOf(line) && !line.matches(".is-wrong")).forEach((line) => line.remove());
  form.classList.add("is-live");
  lines().forEach(prepare);
  lookAtPapers();
  const wrong = form.querySelector("[data-line].is-wrong"), first = lines()[0];
  if (wrong) { wrong.scrollIntoView({ block: "center" }); if (wrong.querySelector(".door-extra .wrong")) toggleMore(wrong, true); }
  else if (phone.matches && first && nameOf(first)) open(entry(first, "number"));
})();
