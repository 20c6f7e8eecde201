// The page works without this file; with it, all are ticked at once and counted.
"use strict";

(function choosing() {
  const button = document.querySelector("[data-tick-all]");
  const boxes = [...document.querySelectorAll('.choose-schools input[type="checkbox"]')];
  const tally = document.querySelector("[data-ticked]");
  if (!button || !tally || !boxes.length) return;
  const count = () => boxes.filter((one) => one.checked).length;
  const show = () => { tally.textContent = count() + "/" + boxes.length; };
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = count() < boxes.length;
    boxes.forEach((one) => { one.checked = all; });
    show();
  });
  document.addEventListener("change", (event) => { if (boxes.includes(event.target)) show(); });
  show();
})();
