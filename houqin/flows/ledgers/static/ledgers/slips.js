// What was meant by a figure that cannot be, or that is written as people write; rules/slips.py says the same on the server.
"use strict";

self.houqinSlips = (function () {
  const MOST = 2, GRAMS = 1000, TINY = 1e-9;

  return {
    // The point left out or a place or two off, kilograms typed as grams, a minus left out, degrees Fahrenheit.
    likely(typed, low, high, decimals, kind) {
      const step = 10 ** decimals, fits = (value) => Math.abs(value * step - Math.round(value * step)) < TINY * step;
      const first = (...tried) => tried.find((value) => low <= value && value <= high && fits(value));
      const celsius = Math.sign(typed - 32) * Math.round(Math.abs((typed - 32) * 5 / 9) * step) / step;
      const nearer = first(typed / 10, typed / 100);
      const meant = [
        nearer,
        kind === "weight" ? first(typed / GRAMS) : undefined,
        nearer === undefined ? first(-typed, -typed / 10) : first(-typed),
        kind === "temperature" ? first(celsius) : undefined,
        first(typed * 10, typed * 100),
        kind === "weight" ? first(typed * GRAMS) : undefined,
      ].filter((value) => value !== undefined).map((value) => Math.round(value * step) / step);
      return [...new Set(meant)].filter((value) => value !== typed).slice(0, MOST);
    },

    // What was typed as a number; NaN when it is none.
    read(text) {
      const plain = text.normalize("NFKC").replace(/\s/g, "").replace(/[−–]/, "-").replace("。", ".");
      if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(",", ""));
      const figure = plain.replace(/^([+-]?\d+),(\d{1,2})$/, "$1.$2");
      return figure ? Number(figure) : NaN;
    },
  };
})();
