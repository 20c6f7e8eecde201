// The page works without this file; with it, menus close, drafts are kept, and nothing is sent twice.
"use strict";

(function menus() {
  const OPEN = "details.menu[open], details.chip[open]";
  document.addEventListener("click", (event) => {
    document.querySelectorAll(OPEN).forEach((one) => { if (!one.contains(event.target)) one.open = false; });
    const hits = document.getElementById("hits");
    if (hits && !event.target.closest("[data-find]")) hits.replaceChildren();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(OPEN).forEach((one) => {
      if (one.contains(document.activeElement)) one.querySelector("summary").focus();
      one.open = false;
    });
    const hits = document.getElementById("hits");
    if (hits) hits.replaceChildren();
  });
})();

(function rows() {
  // A click anywhere on a row opens it; the link in its title is what keyboard and screen reader use.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-opens]");
    if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
    const link = row.querySelector("a.row-link");
    if (link) link.click();
  });
})();

(function keepQuery() {
  // The list changes without a new page, so links to its export take their query when they are followed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-keeps-query] a[data-base]");
    if (!link) return;
    const query = new URLSearchParams(location.search);
    ["page", "per"].forEach((name) => query.delete(name));
    link.href = `${link.dataset.base}?${query}${query.size ? "&" : ""}${link.dataset.add}`;
  });
})();

(function bulk() {
  // What can be done with several rows stands there only while something is ticked; without this file it always does.
  const picks = () => [...document.querySelectorAll("input[name=pick][form=bulk]")].filter((one) => one.offsetParent);
  function refresh() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const all = picks(), ticked = all.filter((one) => one.checked), words = bar.querySelector("[data-bulk-count]");
    bar.hidden = ticked.length === 0;
    if (words) words.textContent = words.dataset.words.replace("{count}", ticked.length);
    document.querySelectorAll("[data-pick-all]").forEach((one) => {
      const box = one.querySelector("input");
      one.hidden = false;
      box.checked = all.length > 0 && ticked.length === all.length;
      box.indeterminate = ticked.length > 0 && ticked.length < all.length;
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-pick-all]")) picks().forEach((one) => { one.checked = event.target.checked; });
    refresh();
  });
  document.addEventListener("htmx:afterSettle", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
})();

(function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button:not([type=button])").forEach((one) => one.setAttribute("aria-busy", "true"));
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-once]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((one) => one.removeAttribute("aria-busy"));
    });
  });
})();

(function lines() {
  document.querySelectorAll("[data-lines]").forEach((part) => {
    const button = part.querySelector("[data-add-line]");
    const total = part.querySelector("input[name$=-TOTAL_FORMS]");
    const blank = part.querySelector("template");
    if (!button || !total || !blank) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const body = part.querySelector("tbody");
      body.insertAdjacentHTML("beforeend", blank.innerHTML.replaceAll("__prefix__", total.value));
      total.value = Number(total.value) + 1;
      const first = body.lastElementChild.querySelector("input, select, textarea");
      if (first) first.focus();
    });
  });
})();

(function drafts() {
  // What is typed stays on this device until it was carried out, thrown away, or the person signs out.
  const PREFIX = "houqin-draft:";
  const SKIP = new Set(["csrfmiddlewaretoken", "_key"]);
  const fields = (form) => [...form.elements].filter(
    (one) => one.name && !SKIP.has(one.name) && !["password", "file", "submit", "button"].includes(one.type)
      && !one.hasAttribute("data-no-draft"));
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* no room: typing goes on */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing kept */ } },
  };
  const read = (form) => fields(form).map((one) => [one.name, one.type, one.value, one.checked]);
  const changed = (form, kept) => JSON.stringify(kept) !== JSON.stringify(read(form));

  function fill(form, kept) {
    form.querySelectorAll("[data-lines]").forEach((part) => {
      const total = part.querySelector("input[name$=-TOTAL_FORMS]");
      const wanted = kept.find(([name]) => total && name === total.name);
      const more = part.querySelector("[data-add-line]");
      for (let have = total ? Number(total.value) : 0; more && wanted && have < Number(wanted[2]); have += 1) more.click();
    });
    const values = kept.slice();
    fields(form).forEach((one) => {
      const at = values.findIndex(([name, type, value]) =>
        name === one.name && (!["radio", "checkbox"].includes(type) || value === one.value));
      if (at < 0) return;
      const [, type, value, checked] = values.splice(at, 1)[0];
      if (["radio", "checkbox"].includes(type)) one.checked = checked;
      else if (one.type !== "hidden") one.value = value;
    });
  }

  self.houqinDrafts = { read, fill };
  const sent = sessionStorage.getItem("houqin-sent");
  const form = document.querySelector("form[data-draft]");
  const key = form && PREFIX + form.dataset.draft;
  if (sent && sent !== key) { store.drop(sent); }
  sessionStorage.removeItem("houqin-sent");

  if (form) {
    const note = form.querySelector("[data-draft-note]");
    const kept = store.get(key);
    const wrong = form.querySelector(".is-invalid, .alert-danger, .wrong");
    if (kept && !wrong && changed(form, kept)) {
      const fresh = read(form);
      fill(form, kept);
      if (note) {
        note.hidden = false;
        note.querySelector("[data-draft-discard]").addEventListener("click", () => {
          store.drop(key); fill(form, fresh); note.hidden = true;
        });
      }
    }
    form.addEventListener("input", () => store.set(key, read(form)));
    form.addEventListener("submit", () => sessionStorage.setItem("houqin-sent", key));
  }
  document.addEventListener("click", (event) => {
    if (form && event.target.closest("[data-drop-draft]")) store.drop(key);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("[data-clear-drafts]")) return;
    Object.keys(localStorage).filter((one) => one.startsWith(PREFIX)).forEach(store.drop);
  });
})();

(function copies() {
  // What is shown only once is taken along by one tap. A browser that keeps its clipboard from a page without HTTPS copies what is marked.
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const shown = button.previousElementSibling;
      getSelection().selectAllChildren(shown);
      try { await navigator.clipboard.writeText(shown.textContent); } catch { if (!document.execCommand("copy")) return; }
      button.textContent = button.dataset.copied;
    });
  });
})();

(function print() {
  document.querySelectorAll("[data-print]").forEach((one) => one.addEventListener("click", () => window.print()));
})();

(function progress() {
  // A page that waits for a job asks again by itself.
  document.querySelectorAll("[data-refresh-seconds]").forEach((one) =>
    setTimeout(() => location.reload(), Number(one.dataset.refreshSeconds) * 1000));
})();

(function longTicks() {
  // A long list to tick: the ticked come first, the rest is found by a word; without a script it scrolls.
  const MANY = 12;
  document.querySelectorAll(".entry-grid[data-find] .wide").forEach((part) => {
    const lines = [...part.querySelectorAll(".form-check")].filter((one) => one.querySelector("input[type=checkbox]"));
    if (lines.length <= MANY) return;
    const { find, chosen } = part.closest("[data-find]").dataset, box = lines[0].parentElement;
    const search = Object.assign(document.createElement("input"), { type: "search", className: "form-control tick-find", placeholder: find });
    const tally = Object.assign(document.createElement("p"), { className: "tick-tally" });
    search.setAttribute("aria-label", find);
    tally.setAttribute("role", "status");
    const ticked = (line) => line.querySelector("input").checked;
    box.classList.add("tick-list");
    box.before(search, tally);
    lines.filter(ticked).reverse().forEach((line) => box.prepend(line));
    const look = () => {
      const word = search.value.trim().toLowerCase();
      lines.forEach((line) => { line.hidden = Boolean(word) && !ticked(line) && !line.textContent.toLowerCase().includes(word); });
      tally.textContent = chosen.replace("{count}", lines.filter(ticked).length);
    };
    search.addEventListener("input", (event) => { event.stopPropagation(); look(); }); // what is searched is no entry to keep
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    box.addEventListener("change", look);
    look();
  });
})();
