// The service worker: pages from the network, and from what was kept of them where there is none.
// What belongs to a person is kept for one account at a time, and forgotten when it signs out.
"use strict";

(function () {
  const { houqinSending, houqinEntries } = self;
  const PAGES = "houqin-pages:", FILES = "houqin-files";
  const PATIENCE = 3000;
  const FRESH = 10 * 60 * 1000, VISITED_KEPT = 24 * 3600 * 1000;
  const KEPT_AT = "X-Houqin-Kept-At";
  let forgotten = 0;

  const after = (milliseconds, value) => new Promise((done) => setTimeout(done, milliseconds, value));
  const pageCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));
  const accountOf = (text) => (text.match(/<body[^>]* data-account="([^"]+)"/) || [])[1];
  const filesOf = (text) => [...text.matchAll(/="(\/static\/[^"]+)"/g)].map(([, address]) => address);
  const isHashed = (address) => /\.[0-9a-f]{8,}\.\w+$/.test(address);
  const age = (kept) => Date.now() - Date.parse(kept.headers.get(KEPT_AT));

  async function forget() {
    forgotten += 1;
    await Promise.all((await pageCaches()).map((name) => caches.delete(name)));
  }

  function copyOf(text, headers) {
    const now = new Date().toISOString(), kept = new Headers(headers);
    ["Content-Encoding", "Content-Length", "Vary", "Set-Cookie"].forEach((name) => kept.delete(name));
    kept.set(KEPT_AT, now);
    return new Response(text.replace("<html", `<html data-kept-at="${now}"`), { headers: kept });
  }

  async function keepFiles(addresses) {
    const files = await caches.open(FILES);
    for (const address of new Set(addresses)) {
      if (!(isHashed(address) && await files.match(address))) await files.add(address).catch(() => {});
    }
  }

  // Keeps a page that was asked for: one on the list, one kept before, or an entry form that may be needed again.
  async function keep(address, answer, onTheList) {
    const before = forgotten;
    if (!answer.ok || answer.redirected || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return;
    const text = await answer.text(), account = accountOf(text);
    if (!account) return;
    if ((await pageCaches()).some((name) => name !== PAGES + account)) await forget();
    else if (before !== forgotten) return; // Signed out while it was on its way.
    const pages = await caches.open(PAGES + account);
    if (!(onTheList || / data-offline[ >]/.test(text) || await pages.match(address))) return;
    await keepFiles(filesOf(text)); // First: a page without its script is no page to work with.
    await pages.put(address, copyOf(text, answer.headers));
  }

  async function keepAll(addresses) {
    for (const address of addresses) {
      const kept = await caches.match(address);
      if (kept && age(kept) < FRESH) continue;
      const answer = await fetch(address, { headers: { "X-Houqin-Keep": "1" } }).catch(() => null);
      if (!answer) return;
      await keep(address, answer, true);
    }
    await tidy(new Set(addresses.map((address) => new URL(address, location).href)));
  }

  async function tidy(wanted) {
    const used = new Set();
    for (const name of await pageCaches()) {
      const pages = await caches.open(name);
      for (const request of await pages.keys()) {
        const kept = await pages.match(request);
        if (!wanted.has(request.url) && age(kept) > VISITED_KEPT) await pages.delete(request);
        else filesOf(await kept.text()).forEach((address) => used.add(new URL(address, location).href));
      }
    }
    const files = await caches.open(FILES);
    for (const request of await files.keys()) if (!used.has(request.url)) await files.delete(request);
  }

  async function nothingKept() {
    return (await caches.match("/offline/")) || Response.error();
  }

  async function page(event) {
    const address = event.request.url.split("#")[0];
    let keeping;
    const answer = fetch(event.request).then((found) => {
      if ([502, 503, 504].includes(found.status)) throw new Error("the gateway answers, Houqin does not");
      keeping = keep(address, found.clone());
      return found;
    });
    event.waitUntil(answer.then(() => keeping).catch(() => {}));
    const kept = await caches.match(address);
    if (!kept) return answer.catch(nothingKept);
    return Promise.race([answer, after(PATIENCE, kept)]).catch(() => kept);
  }

  async function file(request) {
    const kept = await caches.match(request.url);
    if (!kept) return fetch(request);
    return isHashed(new URL(request.url).pathname) ? kept : fetch(request).catch(() => kept);
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("message", (event) => { if (event.data.keep) event.waitUntil(keepAll(event.data.keep)); });
  self.addEventListener("fetch", (event) => {
    const { request } = event, { origin, pathname } = new URL(request.url);
    if (origin !== location.origin) return;
    if (request.method === "POST" && pathname === "/accounts/logout/") event.waitUntil(forget());
    else if (request.method !== "GET") return;
    else if (request.mode === "navigate") event.respondWith(page(event));
    else if (pathname.startsWith("/static/")) event.respondWith(file(request));
  });
  self.addEventListener("sync", (event) => event.waitUntil((async () => {
    await houqinSending.send();
    if ((await houqinEntries.all()).some((entry) => entry.state === "waiting")) throw new Error("something still waits");
  })()));
})();
