// The button of a deed names the weight that was typed: 退货 12.5 公斤.
"use strict";
(() => {
  const weight = document.querySelector("form.entry [name=grams], form.entry [name=right_grams]");
  const button = document.querySelector("form.entry .entry-foot button span");
  if (!weight || !button) return;
  const words = button.textContent;
  const unit = weight.parentElement.querySelector(".input-group-text");
  const name = () => {
    const typed = weight.value.normalize("NFKC").replace(",", "").trim();
    button.textContent = typed && !Number.isNaN(Number(typed)) ? `${words} ${Number(typed)} ${unit ? unit.textContent.trim() : ""}` : words;
  };
  weight.addEventListener("input", name);
  name();
})();
