// What was probably meant by a number that cannot be; forms/slips.py says the same on the server.
"use strict";

self.houqinSlips = (function () {
  const MOST = 2;

  function rounded(value, decimals) {
    return Number(value.toFixed(decimals));
  }

  return {
    // A forgotten or doubled decimal point, a forgotten minus, and of temperatures degrees Fahrenheit.
    likely(typed, low, high, decimals, isTemperature) {
      const meant = [typed / 10, ...(isTemperature ? [(typed - 32) * 5 / 9] : []), typed * 10, -typed];
      if (typed / 10 < low || typed / 10 > high) meant.splice(1, 0, typed / 100);
      const found = meant.filter((value) => low <= value && value <= high).map((value) => rounded(value, decimals));
      return [...new Set(found)].filter((value) => value !== typed).slice(0, MOST);
    },

    // What was typed as a number; NaN when it is none.
    read(text) {
      const plain = text.normalize("NFKC").replace("−", "-").trim();
      return plain ? Number(plain) : NaN;
    },
  };
})();
