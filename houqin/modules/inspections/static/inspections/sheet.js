// A visit on the phone: each answer with its time, what follows from it, how far one is, the score as it stands, and the
// signatures. All of it without network; the server says the same once more.
"use strict";

(function sheet() {
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const { likely, read } = self.houqinSlips;
  const FULL = 10_000, DRIFT = 2 * 60_000, KEPT = `houqin-draft:times:${form.getAttribute("action")}`;
  const words = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const items = [...form.querySelectorAll("[data-item]")].map((part) => ({ part, key: part.dataset.item, told: JSON.parse(part.dataset.told) }));
  const byPart = new Map(items.map((one) => [one.part, one]));
  const named = (one, letter) => form.elements[`${letter}:${one.key}`];
  const link = (one) => form.querySelector(`[data-to="${CSS.escape(one.key)}"]`);

  // When each item was answered on this phone: of several phones the answer given last holds. -------------------------------

  const store = {
    get() { try { return JSON.parse(localStorage.getItem(KEPT) || "{}"); } catch { return {}; } },
    set(value) { try { localStorage.setItem(KEPT, JSON.stringify(value)); } catch { /* no room: the server takes the time of sending */ } },
    drop() { try { localStorage.removeItem(KEPT); } catch { /* nothing kept */ } },
  };
  const given = form.elements.times.value;
  let times = given ? JSON.parse(given) : {};

  function stamp(one) {
    times[one.key] = new Date().toISOString();
    store.set(times);
  }

  function tellTimes() {
    form.elements.times.value = JSON.stringify(times);
    form.elements.began.value = Object.values(times).sort()[0] || "";
  }

  // What an item says -------------------------------------------------------------------------------------------------------

  const ticked = (one) => (one.part.querySelector("input[type=radio]:checked") || { value: "" }).value;
  const figure = (one) => { const typed = named(one, "n"); return typed && typed.value.trim() ? read(typed.value) : NaN; };
  const beyond = (one, value) => one.told.limits.find(({ min, max }) => (min !== null && value < min) || (max !== null && value > max));

  function outcome(one) {
    const chosen = ticked(one);
    if (chosen === "na") return "na";
    if (one.told.kind === "graded") return chosen === "" ? "" : chosen === "0" ? "failed" : "ok";
    if (one.told.kind === "yes_no") return chosen;
    const value = figure(one);
    return Number.isNaN(value) || isDoubted(one) ? "" : beyond(one, value) ? "failed" : "ok";
  }

  const sure = new Map(); // item → the odd value that was looked at twice
  function isDoubted(one) {
    const { plausible } = one.told, value = figure(one);
    return Boolean(plausible) && !Number.isNaN(value) && (value < plausible[0] || value > plausible[1]) && sure.get(one) !== value;
  }

  function doubt(one) {
    const part = one.part.querySelector("[data-doubt]"), { plausible, unit, decimals } = one.told;
    if (!part) return;
    part.hidden = !isDoubted(one);
    if (part.hidden) return;
    const value = figure(one), kind = unit === "°C" ? "temperature" : "number", say = (number) => `${number} ${unit}`;
    const meant = likely(value, plausible[0], plausible[1], decimals, kind), all = [...meant, value].map(say);
    part.querySelector("[data-question]").textContent = meant.length
      ? words(form.dataset.or, { first: all.slice(0, -1).join("、"), last: all.at(-1) }) : words(form.dataset.unsure, { value: all[0] });
    part.querySelector("[data-answers]").replaceChildren(...[...meant, null].map((other) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: other === null ? "btn" : "btn btn-primary" });
      button.textContent = other === null ? words(form.dataset.keep, { value: say(value) }) : say(other);
      button.addEventListener("click", () => {
        if (other === null) sure.set(one, value); else named(one, "n").value = other;
        named(one, "n").dispatchEvent(new Event("input", { bubbles: true }));
      });
      return button;
    }));
  }

  function limit(one, state) {
    const part = one.part.querySelector("[data-right]"), broken = state === "failed" && one.told.limits.length && beyond(one, figure(one));
    if (!part) return;
    part.hidden = !broken;
    if (!broken) return;
    const { min, max } = broken, bounds = min === null ? `≤ ${max}` : max === null ? `≥ ${min}` : `${min}–${max}`;
    part.textContent = words(form.dataset.limit, { limit: `${bounds} ${one.told.unit}` });
  }

  const hasPhoto = (one) => Boolean(one.part.dataset.photos) || named(one, "p").files.length > 0;
  function wantsPhoto(one, state) {
    return one.told.photo === "always" ? state === "ok" || state === "failed" : one.told.photo === "failed" && state === "failed";
  }
  const lacksPhoto = (one, state) => wantsPhoto(one, state) && !hasPhoto(one) && !named(one, "r").value.trim();

  function show(one) {
    const state = outcome(one);
    doubt(one);
    limit(one, state);
    one.part.querySelector("[data-more]").toggleAttribute("data-open", state === "failed" || lacksPhoto(one, state));
    one.part.querySelector("[data-photo-part]").toggleAttribute("data-open", state === "failed" || wantsPhoto(one, state));
    link(one).dataset.is = state;
    if (state && !lacksPhoto(one, state)) one.part.classList.remove("is-missing");
    return state;
  }

  // How far one is, and the score as the server will reckon it ---------------------------------------------------------------

  function share(one, state) {
    const { kind, levels } = one.told, whole = one.told.weight * 100;
    if (kind === "graded") return Math.floor((whole * Number(ticked(one))) / (levels - 1));
    return state === "ok" ? whole : 0;
  }

  function grade(points, red) {
    const grades = JSON.parse(form.dataset.grades);
    return (red ? grades.at(-1) : grades.find(([least]) => points >= least * 100) || grades.at(-1) || [0, ""])[1];
  }

  function look() {
    const states = items.map((one) => [one, show(one)]), answered = states.filter(([, state]) => state);
    const failed = states.filter(([, state]) => state === "failed"), applies = answered.filter(([, state]) => state !== "na");
    const bar = form.querySelector("[data-progress]"), weight = applies.reduce((sum, [one]) => sum + one.told.weight * 100, 0);
    bar.max = items.length;
    bar.value = answered.length;
    form.querySelector("[data-count]").textContent = words(form.dataset.done, { done: answered.length, all: items.length });
    form.querySelector("[data-odd]").textContent = failed.length ? words(form.dataset.failed, { count: failed.length }) : "";
    const points = weight ? Math.floor((applies.reduce((sum, [one, state]) => sum + share(one, state), 0) * FULL) / weight) : 0;
    form.querySelector("[data-score]").textContent = weight
      ? words(form.dataset.points, { points: (points / 100).toFixed(2), grade: grade(points, failed.some(([one]) => one.told.red)) }) : "";
    const told = failed.map(([one]) => [one.part.querySelector("[data-words]").textContent, named(one, "w").value, named(one, "r").value]);
    const lines = told.length ? told.map((parts) => parts.filter(Boolean).join(" · ")) : [form.dataset.nothing];
    form.querySelector("[data-found]").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    form.querySelectorAll("[data-all-fine]").forEach((button) => {
      button.hidden = !usualIn(button).some((one) => !outcome(one));
    });
    tellTimes();
  }

  const usualIn = (button) => [...button.closest(".sheet-part").querySelectorAll("[data-usual]")].map((part) => byPart.get(part));

  function next(one) {
    const at = items.indexOf(one), open = items.slice(at + 1).find((other) => !outcome(other));
    if (open) open.part.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("input", (event) => {
    const part = event.target.closest("[data-item]");
    if (part) {
      const one = byPart.get(part);
      if (event.target.name === `n:${one.key}` && ticked(one)) one.part.querySelector("input[type=radio]:checked").checked = false;
      stamp(one);
      look();
      if (event.target.type === "radio" && outcome(one) !== "failed") next(one);
    }
  });
  form.addEventListener("change", (event) => {
    const part = event.target.type === "file" && event.target.closest("[data-item]");
    if (!part) return;
    stamp(byPart.get(part));
    look();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName === "TEXTAREA" || event.target.tagName === "BUTTON") return;
    event.preventDefault();
    const part = event.target.closest("[data-item]");
    event.target.blur();
    if (part) next(byPart.get(part));
  });
  form.addEventListener("click", (event) => {
    const fine = event.target.closest("[data-all-fine]"), jump = event.target.closest("[data-to]");
    if (jump) jump.closest("details").open = false;
    if (!fine) return;
    usualIn(fine).filter((one) => !outcome(one)).forEach((one) => {
      one.part.querySelector("input[value=ok]").checked = true;
      stamp(one);
    });
    form.dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps it
    look();
  });

  // Signing -------------------------------------------------------------------------------------------------------------------

  const pads = [...form.querySelectorAll("[data-pad]")].map((part) => {
    const canvas = part.querySelector("canvas"), hidden = part.querySelector("input[type=hidden]");
    const pad = new self.SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#111", minWidth: 1, maxWidth: 3 });
    pad.addEventListener("endStroke", () => { hidden.value = canvas.toDataURL("image/png"); });
    part.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); hidden.value = ""; });
    return { canvas, pad, hidden };
  });

  function open() {
    form.querySelectorAll("[data-sign-part], [data-sign-now]").forEach((one) => one.toggleAttribute("data-open", true));
    form.querySelectorAll("[data-finish], [data-send]").forEach((one) => { one.hidden = true; });
    pads.forEach(({ canvas, pad, hidden }) => {
      if (canvas.width === canvas.offsetWidth * 2) return;
      canvas.width = canvas.offsetWidth * 2;
      canvas.height = canvas.offsetHeight * 2;
      canvas.getContext("2d").scale(2, 2);
      pad.clear();
      hidden.value = "";
    });
    form.querySelector("[data-sign-part]").scrollIntoView({ block: "start" });
  }

  function gaps() {
    const found = items.filter((one) => { const state = outcome(one); return !state || lacksPhoto(one, state); });
    items.forEach((one) => one.part.classList.toggle("is-missing", found.includes(one)));
    return found;
  }

  form.querySelector("[data-finish]").hidden = false;
  form.querySelector("[data-finish]").addEventListener("click", () => {
    const [first] = gaps();
    if (first) first.part.scrollIntoView({ block: "center" });
    else open();
  });
  form.addEventListener("submit", (event) => {
    const signs = event.submitter && event.submitter.name === "then";
    const first = signs ? gaps()[0] : items.find((one) => times[one.key] && lacksPhoto(one, outcome(one)));
    tellTimes();
    if (!first) { store.drop(); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    first.part.classList.add("is-missing");
    show(first);
    first.part.scrollIntoView({ block: "center" });
  }, true);

  const note = form.querySelector("[data-draft-note]");
  if (note && !note.hidden) times = { ...store.get(), ...times };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-draft-discard]")) return;
    times = {};
    store.drop();
    look();
  });
  form.classList.add("is-live");
  look();
  if (form.querySelector(".wrong:not([hidden])") && items.every((one) => outcome(one))) open();
})();
