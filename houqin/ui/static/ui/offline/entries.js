// What was entered on this device and is on its way to the server. Pages and the service worker share it.
"use strict";

self.houqinEntries = (function () {
  // An entry: id, key, account, name, title, page, action, fields, files' names among them, typed, shown, captured, and
  // state: waiting | sending | signin | sent | refused, with the server's message, url and clock.
  const STORE = "entries";
  const SENT_KEPT = 24 * 3600 * 1000;
  const TO_SEND = ["waiting", "sending", "signin"];
  const news = "BroadcastChannel" in self ? new BroadcastChannel("houqin-entries") : null;
  const listeners = [];

  function open() {
    return new Promise((done, fail) => {
      const asked = indexedDB.open("houqin", 1);
      asked.onupgradeneeded = () => {
        const store = asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
        store.createIndex("key", "key", { unique: true });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }

  async function work(mode, deed) {
    const database = await open();
    try {
      return await new Promise((done, fail) => {
        const transaction = database.transaction(STORE, mode);
        const asked = deed(transaction.objectStore(STORE));
        transaction.oncomplete = () => done(asked.result);
        transaction.onabort = transaction.onerror = () => fail(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  function tell() {
    if (news) news.postMessage("changed");
    listeners.forEach((listener) => listener());
  }
  if (news) news.addEventListener("message", () => listeners.forEach((listener) => listener()));

  async function change(deed) {
    const result = await work("readwrite", deed);
    tell();
    return result;
  }

  const all = () => work("readonly", (store) => store.getAll());
  const withKey = (key) => work("readonly", (store) => store.index("key").get(key));
  const drop = (id) => change((store) => store.delete(id));
  const save = (entry, changes) => change((store) => store.put(Object.assign(entry, changes)));

  return {
    all, withKey, drop, save,
    onChange: (listener) => listeners.push(listener),
    isToSend: (entry) => TO_SEND.includes(entry.state),

    // A form sent again from the same page, or opened again, takes the place of what it said before.
    async add(entry) {
      const before = await withKey(entry.key);
      return save(entry, before ? { id: before.id, captured: before.captured } : {});
    },

    async forget(account) {
      const now = Date.now();
      for (const entry of await all()) {
        if (entry.state === "sent" && (entry.account === account || now - entry.sent > SENT_KEPT)) await drop(entry.id);
      }
    },
  };
})();
