// The page of what waits: drawn from this device's own list, with and without network.
"use strict";

(function () {
  const page = document.querySelector("[data-waiting-page]");
  const entries = self.houqinEntries;
  const { account } = document.body.dataset;
  if (!self.houqinShell.moment) return;
  document.querySelector("[data-keeps-nothing]").hidden = true;
  const part = (where, name) => where.querySelector(`[data-part="${name}"]`);
  const cloned = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

  function typed(line, entry) {
    const list = part(line, "shown").querySelector("dl");
    part(line, "shown").hidden = entry.shown.length === 0;
    entry.shown.forEach(([label, words]) => {
      const pair = list.appendChild(document.createElement("div"));
      pair.appendChild(document.createElement("dt")).textContent = label;
      pair.appendChild(document.createElement("dd")).textContent = words;
    });
  }

  function draw(entry) {
    const line = cloned("waiting-entry"), mine = entry.account === account, message = part(line, "message");
    part(line, "state").replaceWith(cloned(`state-${entry.state}`));
    part(line, "captured").textContent = self.houqinShell.moment(entry.captured);
    message.textContent = entry.message || (entry.state === "refused" ? message.dataset.noWords : "");
    if (!mine) {
      message.textContent = message.dataset.others.replaceAll("{name}", entry.name);
      return line;
    }
    part(line, "title").textContent = entry.title;
    part(line, "title").href = entry.url || entry.page;
    typed(line, entry);
    part(line, "buttons").hidden = !["waiting", "refused"].includes(entry.state);
    part(line, "open").hidden = entry.state !== "refused";
    part(line, "open").href = `${entry.page}#entry=${entry.key}`;
    part(line, "discard").addEventListener("click", () => entries.drop(entry.id));
    return line;
  }

  function fill(name, found) {
    const section = part(page, name);
    section.hidden = found.length === 0;
    section.querySelector("ol").replaceChildren(...found.map(draw));
  }

  async function refresh() {
    const all = (await entries.all()).filter((entry) => entry.account === account || entries.isToSend(entry));
    const sent = all.filter((entry) => entry.state === "sent").reverse();
    fill("queue", all.filter((entry) => entry.state !== "sent"));
    fill("sent", sent);
    part(page, "nothing").hidden = all.length > 0;
    const clock = document.querySelector("[data-wrong-clock]"), words = all.map((entry) => entry.clock).filter(Boolean).pop();
    clock.hidden = !words;
    clock.lastElementChild.textContent = words || "";
  }

  entries.onChange(refresh);
  refresh();
})();
