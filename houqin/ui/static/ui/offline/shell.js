// The shell of a device that may lose its network: what waits to be sent, how old a page is, what is kept for later.
"use strict";

self.houqinShell = (function () {
  const { account } = document.body.dataset;
  const keptAt = document.documentElement.dataset.keptAt;
  const EVERY = 60 * 1000;
  if (!self.isSecureContext || !self.indexedDB) return {};
  const entries = self.houqinEntries;
  let isBack = false;

  const two = (number) => String(number).padStart(2, "0");
  function moment(iso) {
    const at = new Date(iso), clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
    const sameDay = at.toDateString() === new Date().toDateString();
    return sameDay ? clock : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
  }

  function network() {
    const line = document.querySelector("[data-no-network]");
    if (!line) return;
    const age = line.querySelector("[data-as-of]");
    line.hidden = navigator.onLine && !keptAt;
    line.querySelector("[data-cut]").hidden = isBack;
    line.querySelector("[data-anew]").hidden = !isBack;
    age.hidden = !keptAt;
    if (keptAt) age.textContent = age.dataset.asOf.replace("{when}", moment(keptAt));
  }

  // A copy gives way to the page itself, unless somebody may be typing in it.
  async function networkIsBack() {
    isBack = true;
    network();
    await send();
    if (keptAt && !document.querySelector("form[data-offline]")) location.reload();
  }

  async function badge() {
    const all = await entries.all(), link = document.querySelector("[data-waiting-link]");
    const atSignIn = document.querySelector("[data-entries-wait]");
    if (atSignIn) atSignIn.hidden = !all.some(entries.isToSend);
    if (!link) return;
    const mine = all.filter((entry) => entry.account === account);
    const waiting = mine.filter(entries.isToSend), refused = mine.filter((entry) => entry.state === "refused");
    const words = link.querySelector("[data-count]"), count = refused.length || waiting.length;
    link.hidden = count === 0;
    link.classList.toggle("is-refused", refused.length > 0);
    words.textContent = (refused.length ? words.dataset.refused : words.dataset.waiting).replace("{count}", count);
    markRows([...waiting, ...refused]);
  }

  // A row of Today whose form was filled in already says so, so that nobody fills it in twice.
  function markRows(mine) {
    const mark = document.getElementById("row-waits");
    document.querySelectorAll(".due-list a.btn").forEach((link) => {
      const waits = mine.some((entry) => entry.page === link.pathname + link.search);
      const shown = link.previousElementSibling && link.previousElementSibling.matches("[data-row-waits]");
      if (waits && !shown) {
        link.before(mark.content.cloneNode(true));
        link.classList.remove("btn-primary");
      }
      if (!waits && shown) link.previousElementSibling.remove();
    });
  }

  async function send() {
    if (!account) return;
    if ((await entries.all()).some((entry) => entry.account === account && entries.isToSend(entry))) {
      await self.houqinSending.send(account);
    }
  }

  // Where the browser can, it sends by itself when there is a network again, with no page open.
  async function sendLater() {
    const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
    if (worker && worker.sync) await worker.sync.register("send").catch(() => {});
  }

  async function keepPages() {
    const list = document.getElementById("kept-pages");
    if (!list || keptAt) return;
    const worker = await navigator.serviceWorker.ready;
    worker.active.postMessage({ keep: JSON.parse(list.textContent) });
  }

  entries.onChange(badge);
  badge();
  network();
  if (navigator.onLine) send();
  setInterval(send, EVERY); // Also when the browser believes to be cut off: some do, and are not.
  self.addEventListener("online", networkIsBack);
  self.addEventListener("offline", () => { isBack = false; network(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && navigator.onLine) send(); });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("[data-clear-drafts]")) entries.forget(account);
  });
  if (keptAt && document.getElementById("messages")) document.getElementById("messages").replaceChildren();
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {}); // Forbidden by the browser: pages work as before.
    keepPages();
  }
  return { moment, sendLater, send };
})();
