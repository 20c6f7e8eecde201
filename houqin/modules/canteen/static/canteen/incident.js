// The clock since discovery, in minutes and seconds; without JavaScript the minutes stand as of loading.
(() => {
  const clocks = [...document.querySelectorAll("[data-since]")];
  const show = (clock) => {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    clock.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  };
  const tick = () => clocks.forEach(show);
  if (clocks.length) {
    tick();
    setInterval(tick, 1000);
  }
})();
