// Light or dark as the system says, set before anything is drawn so that nothing flashes.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  }
  follow();
  if (dark.addEventListener) dark.addEventListener("change", follow);
  document.documentElement.classList.add("has-js");
})();
