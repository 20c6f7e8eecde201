// Sends what waits: strictly in order, one sender at a time on this device, each entry under its own key, so that the
// server carries it out once however often it arrives.
"use strict";

self.houqinSending = (function () {
  const entries = self.houqinEntries;
  const LONGEST = 5 * 60 * 1000;
  const MOST_TRIES = 5;

  async function token() {
    if (self.cookieStore) return ((await cookieStore.get("csrftoken")) || { value: "" }).value;
    return (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || ["", ""])[1];
  }

  async function post(entry, manner) {
    const body = new FormData();
    entry.fields.forEach(([name, value]) => body.append(name, value));
    body.append("_key", entry.key);
    const headers = {
      "X-CSRFToken": await token(),
      "X-Houqin-Queued": manner,
      "X-Houqin-Account": entry.account,
      "X-Houqin-Captured": entry.captured,
      "X-Houqin-Clock": new Date().toISOString(),
    };
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), LONGEST);
    try {
      const answer = await fetch(entry.action, { method: "POST", body, headers, redirect: "manual", signal: patience.signal });
      const words = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
      return { state: words.state || stateOf(answer.status), status: answer.status, message: "", url: "", clock: "", ...words };
    } catch {
      return { state: "unreachable" };
    } finally {
      clearTimeout(alarm);
    }
  }

  // Answers that are not in our words: a gateway's, the framework's own, or a sign-in page.
  function stateOf(status) {
    if ([0, 502, 503, 504].includes(status)) return "unreachable";
    if ([401, 403].includes(status)) return "signin";
    return status >= 400 && status < 500 ? "refused" : "broken";
  }

  // Whether the next one may follow: not when the network, the server or the sign-in is in the way.
  async function sendOne(entry, manner) {
    await entries.save(entry, { state: "sending" });
    const { state, status, message, url, clock } = await post(entry, manner);
    if (state === "done") {
      await entries.save(entry, { state: "sent", message, url, clock, sent: Date.now(), fields: [], typed: [], shown: [] });
      return true;
    }
    if (state === "refused") {
      await entries.save(entry, { state: "refused", message, status, clock });
      return true;
    }
    if (state === "broken" && (entry.tries || 0) + 1 >= MOST_TRIES) {
      await entries.save(entry, { state: "refused", message: "", status, tries: 0 });
      return true;
    }
    if (state === "signin") await entries.save(entry, { state: "signin", message });
    else await entries.save(entry, { state: "waiting", tries: (entry.tries || 0) + (state === "broken" ? 1 : 0) });
    return false;
  }

  async function sendAll(account, atTheForm) {
    const stopped = new Set();
    for (const entry of (await entries.all()).filter(entries.isToSend)) {
      if ((account && entry.account !== account) || stopped.has(entry.account)) continue;
      if (!await sendOne(entry, entry.key === atTheForm ? "now" : "later")) stopped.add(entry.account);
    }
  }

  return {
    // Sends what waits of this account (of all, when none is named). `atTheForm` is the key of the form at which somebody sits.
    async send(account, atTheForm) {
      const deed = () => sendAll(account, atTheForm);
      return navigator.locks ? navigator.locks.request("houqin-sending", deed) : deed();
    },
  };
})();
