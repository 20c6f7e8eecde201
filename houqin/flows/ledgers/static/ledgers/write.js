// A ledger written with one thumb: figures one after the other, what cannot be is asked again at once, what is right stands
// beside what is not, and nothing half filled in is sent. Without this file the server says the same.
"use strict";

(function ledger() {
  const form = document.querySelector("form[data-ledger]");
  if (!form) return;
  const { likely, read } = self.houqinSlips;
  const AHEAD = 5 * 60_000, DRIFT = 2 * 60_000;
  const words = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const two = (number) => String(number).padStart(2, "0");

  // The true time also on a phone whose clock is wrong: the page knows when the server drew it, its copy when it was kept.
  const { keptAt } = document.documentElement.dataset;
  const off = (keptAt ? Date.parse(keptAt) : Date.now()) - Date.parse(form.dataset.now);
  const now = () => new Date(Date.now() - (Math.abs(off) > DRIFT ? off : 0));
  const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  const dayOf = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

  const told = new WeakMap();
  const checks = (ask) => { if (!told.has(ask)) told.set(ask, JSON.parse(ask.dataset.ask)); return told.get(ask); };
  const asksIn = (part) => [...part.querySelectorAll("[data-ask]")];
  const blockOf = (one) => one.closest("[data-block]");
  const lineOf = (one) => one.closest("[data-line]");
  const inputOf = (ask) => ask.querySelector(".figured input, input[type=time], input[type=datetime-local], input[type=date], input[type=text], textarea");
  const markOf = (line) => line && line.querySelector(".odd-name input");
  const counts = (block) => { const mark = markOf(lineOf(block)); return !mark || mark.checked; };
  const remarkOf = (block) => block.querySelector("[data-remark]") || form.querySelector("[data-remark=v]");
  const blocks = () => [...form.querySelectorAll("[data-block]")];
  const changed = (one) => one.dispatchEvent(new Event("input", { bubbles: true }));
  const put = (one, value) => { one.value = value; changed(one); };

  function valueNamed(name) {
    const found = form.elements[name];
    if (!found) return undefined;
    const all = found instanceof RadioNodeList ? [...found] : [found];
    const ticked = all.filter((one) => ["radio", "checkbox"].includes(one.type));
    return ticked.length ? ticked.filter((one) => one.checked).map((one) => one.value) : [found.value];
  }

  const asTold = (values) => values.map((value) => ({ yes: "true", no: "false" }[value] || value));

  // Whether the answers of the line, else those of the entry, are these.
  function applies(when, block) {
    return Object.entries(when).every(([code, wanted]) => {
      const values = valueNamed(`${block.dataset.block}-${code}`) || valueNamed(`v-${code}`) || [];
      return asTold(values).includes(wanted);
    });
  }

  const typed = (ask) => {
    const one = inputOf(ask);
    if (one) return one.value.trim() ? [one.value.trim()] : [];
    return [...ask.querySelectorAll("input:checked")].map((input) => input.value);
  };
  const figure = (value, unit) => `${value} ${unit}`.trim();

  // One question -------------------------------------------------------------------------------------------------------------

  function doubt(ask) {
    const { plausible, unit, decimals, kind } = checks(ask), part = ask.querySelector("[data-doubt]");
    if (!part) return false;
    const value = read(inputOf(ask).value), sure = part.querySelector("[data-sure] input");
    const isOdd = !Number.isNaN(value) && (value < plausible[0] || value > plausible[1]) && !sure.checked;
    part.toggleAttribute("data-shut", !isOdd);
    if (!isOdd) return false;
    const meant = likely(value, plausible[0], plausible[1], decimals, kind), all = [...meant, value].map((one) => figure(one, unit));
    part.querySelector("[data-question]").textContent = meant.length
      ? words(form.dataset.or, { first: all.slice(0, -1).join("、"), last: all.at(-1) })
      : words(form.dataset.unsure, { value: all[0] });
    part.querySelector("[data-answers]").replaceChildren(...[...meant, null].map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: one === null ? "btn" : "btn btn-primary" });
      button.textContent = one === null ? words(form.dataset.keep, { value: figure(value, unit) }) : figure(one, unit);
      button.addEventListener("click", () => {
        if (one === null) sure.checked = true; else inputOf(ask).value = one;
        changed(one === null ? sure : inputOf(ask));
        next(inputOf(ask));
      });
      return button;
    }));
    return true;
  }

  function limit(ask, block, isDoubted) {
    const { limits } = checks(ask), part = ask.querySelector("[data-right]");
    if (!limits || !part) return false;
    const value = read(inputOf(ask).value);
    const broken = isDoubted || Number.isNaN(value) ? undefined : limits.find((one) => applies(one.when, block)
      && ((one.min !== null && value < one.min) || (one.max !== null && value > one.max)));
    part.hidden = !broken;
    part.textContent = broken ? broken.words : "";
    return Boolean(broken);
  }

  function ahead(ask) {
    const part = ask.querySelector("[data-wrong]"), one = inputOf(ask);
    if (!part || !one || !one.value || checks(ask).ahead) return false;
    const late = new Date(now().getTime() + AHEAD), today = form.dataset.day === dayOf(now()) && dayOf(late) === dayOf(now());
    const isAhead = (one.type === "time" && today && one.value > clock(late))
      || (one.type === "datetime-local" && one.value > `${dayOf(late)}T${clock(late)}`);
    part.hidden = !isAhead;
    part.textContent = isAhead ? words(form.dataset.future, { now: clock(now()) }) : "";
    return isAhead;
  }

  function badAnswer(ask) {
    const { expects, bad = [] } = checks(ask), values = typed(ask);
    return values.some((value) => (expects ? value !== expects : bad.includes(value)));
  }

  // Who is ill does not begin as able to work: what follows from a bad answer is chosen with it, and can be chosen otherwise.
  function follow(ask) {
    const line = ask.closest("[data-line]");
    if (!line || !badAnswer(ask)) return;
    asksIn(line).filter((one) => checks(one).odd).forEach((one) => {
      const options = [...one.querySelectorAll("input[type=radio]")];
      const usual = options.find((option) => option.defaultChecked), meant = options.find((option) => option.value === checks(one).odd);
      if (meant && usual && usual.checked && !one.dataset.followed) meant.checked = true;
      one.dataset.followed = "1";
    });
  }

  // Everything ---------------------------------------------------------------------------------------------------------------

  function look() {
    let isOdd = false;
    form.querySelectorAll("[data-odd-list] [data-line]").forEach((line) => {
      line.querySelectorAll(".odd-body input, .odd-body textarea").forEach((one) => { one.disabled = !markOf(line).checked; });
    });
    blocks().forEach((block) => {
      const remark = remarkOf(block);
      let isBad = false, isOut = false;
      asksIn(block).forEach((ask) => {
        const { when } = checks(ask);
        if (when) ask.hidden = !typed(ask).length && !when.some((one) => applies(one, block));
        isOut = limit(ask, block, doubt(ask)) || isOut;
        isBad = badAnswer(ask) || isBad;
        ahead(ask);
      });
      const asksWhat = counts(block) && (isBad || isOut);
      remark.toggleAttribute("data-open", asksWhat || Boolean(remark.querySelector("input").value));
      remark.toggleAttribute("data-needed", counts(block) && isBad);
      isOdd = isOdd || asksWhat;
    });
    const photo = form.querySelector("[data-photo-part=on_breach]");
    if (photo) photo.hidden = !isOdd;
    fine();
  }

  function fine() {
    const list = form.querySelector("[data-odd-list]");
    if (!list) return;
    const marks = [...list.querySelectorAll(".odd-name input")], odd = marks.filter((one) => one.checked).length;
    list.querySelector("[data-fine]").textContent = odd ? words(form.dataset.some, { fine: marks.length - odd, odd }) : form.dataset.fine;
    list.querySelector(".all-fine").toggleAttribute("data-some", odd > 0);
  }

  // From one figure to the next --------------------------------------------------------------------------------------------

  const figures = () => [...form.querySelectorAll(".figured input")].filter((one) => one.offsetParent && !one.disabled);

  function next(one) {
    const all = figures(), following = all.slice(all.indexOf(one) + 1).find((other) => !other.value);
    const target = following || form.querySelector(".entry-foot .btn-primary");
    target.focus();
    if (following) lineOf(following)?.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".figured input")) return;
    event.preventDefault();
    look();
    const answer = event.target.closest("[data-ask]").querySelector("[data-doubt]:not([data-shut]) [data-answers] button");
    if (answer) answer.focus(); else next(event.target);
  });

  form.addEventListener("click", (event) => {
    const sign = event.target.closest("[data-sign]");
    if (!sign) return;
    const one = sign.parentElement.querySelector("input");
    put(one, one.value.startsWith("-") ? one.value.slice(1) : `-${one.value}`);
    one.focus();
  });

  // Nothing half filled in is sent -----------------------------------------------------------------------------------------

  const isTyped = (ask) => !ask.hidden && typed(ask).length > 0;
  const isTouched = (ask) => !checks(ask).now
    && [...ask.querySelectorAll("input, textarea")].some((one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked);

  function lacks(block) {
    const asks = asksIn(block).filter((ask) => !ask.hidden);
    if (lineOf(block) && !markOf(lineOf(block)) && !asks.some(isTouched)) return []; // left out, or as it stood there
    const missing = asks.filter((ask) => !isTyped(ask) && (checks(ask).required || checks(ask).when)), remark = remarkOf(block);
    return remark.hasAttribute("data-needed") && !remark.querySelector("input").value.trim() ? [...missing, remark] : missing;
  }

  // A second person and a photo where they are asked for, or the remark that says why not.
  function lacksProof() {
    const remark = form.querySelector("[data-remark=v]"), { second } = form.elements;
    if (!remark || remark.querySelector("input").value.trim()) return [];
    const photo = form.querySelector("[data-photo-part=always]");
    const missing = [];
    if (photo && !photo.querySelector("input[type=file]").files.length) missing.push(photo);
    if (second && !second.value) missing.push(second.closest(".ask"));
    return missing;
  }

  function faults() {
    const standing = blocks().filter(counts);
    form.querySelectorAll(".is-missing").forEach((one) => one.classList.remove("is-missing"));
    const open = standing.flatMap((block) => asksIn(block).filter((ask) => ask.querySelector("[data-doubt]:not([data-shut]), [data-wrong]:not([hidden])")));
    const gaps = [...standing.flatMap(lacks), ...lacksProof()];
    gaps.forEach((one) => one.classList.add("is-missing"));
    return [...open, ...gaps].sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "nothing") return;
    look();
    const [first] = faults();
    if (!first) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    first.scrollIntoView({ block: "center" });
    (first.querySelector("[data-doubt]:not([data-shut]) [data-answers] button") || first.querySelector("input:not([type=hidden]), select, textarea")).focus({ preventScroll: true });
  }, true);

  form.addEventListener("input", (event) => {
    const ask = event.target.closest("[data-ask], [data-remark]");
    if (ask) ask.classList.remove("is-missing");
    const sure = ask && event.target.matches(".figured input") && ask.querySelector("[data-sure] input");
    if (sure) sure.checked = false;
    if (ask && ask.matches("[data-ask]")) follow(ask);
    look();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-draft-discard]")) look(); });
  form.querySelectorAll("[data-add-line]").forEach((one) => one.addEventListener("click", prepare));

  function prepare() {
    form.querySelectorAll(".figured input").forEach((one) => one.setAttribute("enterkeyhint", "next"));
    form.querySelectorAll("[data-sign]").forEach((one) => { one.hidden = false; });
    look();
  }

  form.querySelectorAll("[data-ask]").forEach((ask) => {
    const one = checks(ask).now && inputOf(ask);
    if (!one || one.value !== one.defaultValue || form.dataset.day !== dayOf(now()) || form.querySelector(".wrong:not([hidden])")) return;
    one.value = { time: clock(now()), "datetime-local": `${dayOf(now())}T${clock(now())}`, date: dayOf(now()) }[one.type] || one.value;
  });
  form.classList.add("is-live");
  prepare();
  const wrong = form.querySelector(".is-wrong, .wrong:not([hidden])");
  if (wrong) wrong.scrollIntoView({ block: "center" });
})();
