// The page works without this file; with it, plus and minus count, whoever is ticked as away is taken off, the button says the number.
"use strict";

(function heads() {
  const form = document.querySelector("form[data-heads]");
  if (!form) return;
  const meals = [...form.querySelectorAll(".heads-meal")].filter((one) => !one.closest(".heads-away"));
  const inputOf = (meal) => meal.querySelector("input");
  const LUNCH = "lunch", WEEKEND = "weekend";

  function add(input, step) {
    input.value = Math.max(0, (Number.parseInt(input.value, 10) || 0) + step);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function words() {
    const button = form.querySelector("[data-heads-words]");
    if (!button) return;
    const told = meals.map((meal) => [meal.querySelector("label").textContent, inputOf(meal).value]).filter(([, value]) => value !== "");
    if (form.hasAttribute("data-sum")) {
      button.textContent = form.dataset.one.replace("{count}", told.reduce((sum, [, value]) => sum + (Number(value) || 0), 0));
    } else if (told.length === 1) {
      button.textContent = form.dataset.one.replace("{count}", told[0][1]);
    } else {
      button.textContent = form.dataset.many.replace("{meals}", told.map((one) => one.join(" ")).join(" · "));
    }
  }

  // Whoever is away misses lunch, boarders every meal; weekend leave begins after lunch.
  function misses(row, meal) {
    if (!row.querySelector("input[type=checkbox]").checked) return false;
    const name = inputOf(meal).name, weekend = row.querySelector("select").value === WEEKEND;
    return name === LUNCH ? !weekend : row.hasAttribute("data-boards");
  }

  const rows = [...form.querySelectorAll(".heads-away li")];
  const counted = () => meals.map((meal) => rows.filter((row) => misses(row, meal)).length);
  let before = counted();
  function away() {
    const now = counted();
    meals.forEach((meal, place) => { if (now[place] !== before[place]) add(inputOf(meal), before[place] - now[place]); });
    before = now;
    const count = form.querySelector("[data-away-count]");
    if (count) count.textContent = rows.filter((row) => row.querySelector("input[type=checkbox]").checked).length;
  }

  // Without names: so many more sick or on leave, so many fewer at the table.
  const reasons = [...form.querySelectorAll(".heads-away .heads-meal input")];
  const known = new Map(reasons.map((one) => [one, Number(one.value) || 0]));
  function reason(input) {
    const step = (Number(input.value) || 0) - known.get(input);
    known.set(input, Number(input.value) || 0);
    meals.filter((meal) => inputOf(meal).name === LUNCH).forEach((meal) => add(inputOf(meal), -step));
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) add(inputOf(button.closest(".heads-meal")), Number(button.dataset.step));
  });
  form.addEventListener("input", (event) => {
    if (known.has(event.target)) reason(event.target);
    words();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches(".heads-away li input, .heads-away li select")) away();
  });
  words();
})();
