// Forms marked data-offline: what is sent is first kept on this device, so that no broken network can lose it.
"use strict";

(function () {
  if (!self.isSecureContext || !self.indexedDB || !crypto.randomUUID) return;
  const entries = self.houqinEntries;
  const { account, accountName } = document.body.dataset;
  const PATIENCE = 10_000, PATIENCE_WITH_FILES = 45_000;
  const HIDDEN = ["csrfmiddlewaretoken", "_key"];
  if (!account) return;

  function label(one) {
    if (!one.labels || !one.labels.length) return one.getAttribute("aria-label") || one.name;
    const words = one.labels[0].cloneNode(true);
    words.querySelectorAll("input, select, textarea").forEach((field) => field.remove());
    return words.textContent.replace("*", "").replace(/\s+/g, " ").trim();
  }

  const isSeen = (one) => (one.checkVisibility ? one.checkVisibility() : one.offsetParent !== null);
  const isChanged = (one) => (one.selectedOptions
    ? [...one.options].some((option) => option.selected !== option.defaultSelected)
    : one.value !== one.defaultValue || one.checked !== one.defaultChecked);

  // Each entry as people read it, for the list of what waits; not what lay folded away, untouched.
  function shown(form) {
    return [...form.elements].flatMap((one) => {
      if (!one.name || ["hidden", "submit", "button", "password", "fieldset"].includes(one.type)) return [];
      if (!isSeen(one) && !isChanged(one)) return [];
      if (one.type === "file") return [...one.files].map((file) => [label(one), `${file.name} (${Math.ceil(file.size / 1024)} KB)`]);
      if (["checkbox", "radio"].includes(one.type)) return one.checked ? [[one.type === "radio" ? legend(one) : "", label(one)]] : [];
      const words = one.selectedOptions ? [...one.selectedOptions].map((option) => option.textContent.trim()).join(", ") : one.value;
      return words ? [[label(one), words]] : [];
    });
  }

  function legend(one) {
    const found = one.closest("fieldset") && one.closest("fieldset").querySelector("legend");
    return found ? found.textContent.replace("*", "").trim() : "";
  }

  function title(form) {
    const above = document.querySelector(".crumbs li:last-child");
    const words = [above && above.textContent, document.querySelector("h1").textContent];
    return (form.dataset.title ? [form.dataset.title] : words).filter(Boolean).map((one) => one.trim()).join(" · ");
  }

  function fieldsOf(form, submitter) {
    const fields = [...new FormData(form)].filter(([name]) => !HIDDEN.includes(name));
    if (submitter && submitter.name) fields.push([submitter.name, submitter.value]);
    return fields.filter(([, value]) => typeof value === "string" || value.size || value.name);
  }

  function addressOf(form, submitter) {
    const given = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action");
    const { pathname, search } = new URL(given || location.href, location);
    return pathname + search;
  }

  function entryOf(form, submitter) {
    return {
      key: form.elements._key.value, account, name: accountName, title: title(form), state: "waiting",
      page: location.pathname + location.search, action: addressOf(form, submitter),
      fields: fieldsOf(form, submitter), typed: self.houqinDrafts.read(form), shown: shown(form),
      captured: new Date().toISOString(),
    };
  }

  const after = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // As without this script: the server answers with its page, where what is wrong stands beside what was typed.
  function sendPlainly(form, submitter) {
    form.setAttribute("action", addressOf(form, submitter));
    if (submitter && submitter.name) {
      const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
      form.append(hidden);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  // Whoever wants to go on with the next form does so, when this device keeps it.
  async function nextOf(form, submitter) {
    const next = submitter && submitter.name === "then" && form.dataset.next;
    if (!next || !await caches.match(next)) return "";
    return (await entries.all()).some((one) => one.action === next && entries.isToSend(one)) ? "" : next;
  }

  async function deliver(form, submitter) {
    const entry = entryOf(form, submitter);
    try {
      await entries.add(entry);
    } catch {
      sendPlainly(form, submitter); // No room on the device: then the network has to do.
      return;
    }
    const withFiles = entry.fields.some(([, value]) => typeof value !== "string");
    await Promise.race([self.houqinSending.send(account, entry.key), after(withFiles ? PATIENCE_WITH_FILES : PATIENCE)]);
    const now = await entries.withKey(entry.key);
    if (now.state === "sent") {
      await entries.drop(now.id);
      location.assign(now.url);
    } else if (now.state === "refused") {
      sendPlainly(form, submitter);
    } else {
      await self.houqinShell.sendLater();
      location.assign(await nextOf(form, submitter) || document.querySelector("[data-waiting-link]").href);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-offline]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    deliver(form, event.submitter);
  });

  async function reopen(form, key) {
    const entry = await entries.withKey(key);
    if (!entry || entry.account !== account || entry.state !== "refused" || entry.action !== addressOf(form)) return;
    form.elements._key.value = key;
    self.houqinDrafts.fill(form, entry.typed);
    for (const one of form.querySelectorAll("input[type=file][name]")) {
      const chosen = new DataTransfer();
      entry.fields.forEach(([name, value]) => { if (name === one.name && value instanceof File) chosen.items.add(value); });
      if (chosen.files.length) one.files = chosen.files;
    }
    [...form.elements].forEach((one) => one.name && one.dispatchEvent(new Event("change", { bubbles: true })));
    const note = document.getElementById("reopened").content.firstElementChild.cloneNode(true);
    note.querySelector("[data-words]").textContent = entry.message;
    form.prepend(note);
  }

  // What the server's page shows again with its faults is no longer needed here.
  async function forgetShownAgain(key) {
    const entry = await entries.withKey(key);
    if (entry && entry.state === "refused") await entries.drop(entry.id);
  }

  // A form that was filled in already says so, so that nobody fills it in twice.
  async function sayWhatWaits(form) {
    const waits = (entry) => entry.account === account && entries.isToSend(entry) && entry.action === addressOf(form);
    if ((await entries.all()).some(waits)) form.prepend(document.getElementById("form-waits").content.cloneNode(true));
  }

  const isCopy = Boolean(document.documentElement.dataset.keptAt);
  const wanted = location.hash.startsWith("#entry=") && location.hash.slice(7);
  document.querySelectorAll("form[data-offline]").forEach((form) => {
    // A key belongs to one loaded page: a kept copy is opened many times, and each time it is a new deed.
    if (isCopy) form.elements._key.value = crypto.randomUUID();
    else forgetShownAgain(form.elements._key.value);
    if (wanted) reopen(form, wanted);
    sayWhatWaits(form);
  });
})();
