// Draws what json_script left on the page: <div data-chart="id-of-the-json">, redrawn when the theme or the width changes.
"use strict";
(function () {
  const COLOURS = ["#0d9488", "#d97706", "#4f6bd8", "#b4437a", "#5b8c2a", "#7c5cc4", "#64748b"];
  const drawn = new Map();

  function style(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function look(option) {
    const ink = style("--ink"), line = style("--line");
    const axis = { axisLabel: { color: ink }, nameTextStyle: { color: ink }, axisLine: { lineStyle: { color: line } },
      splitLine: { lineStyle: { color: line } } };
    const dress = (one) => (Array.isArray(one) ? one.map((a) => ({ ...axis, ...a })) : one && { ...axis, ...one });
    return { color: COLOURS, animation: false, textStyle: { fontFamily: style("--type"), color: ink },
      aria: { enabled: true, decal: { show: false } }, ...option,
      ...(option.xAxis ? { xAxis: dress(option.xAxis) } : {}), ...(option.yAxis ? { yAxis: dress(option.yAxis) } : {}) };
  }

  function draw(place) {
    const source = document.getElementById(place.dataset.chart);
    if (!source || !window.echarts) return;
    const old = drawn.get(place);
    if (old) old.dispose();
    const picture = window.echarts.init(place, null, { renderer: "svg" });
    const option = JSON.parse(source.textContent);
    (option.series || []).forEach((one) => {
      one.label = { color: style("--ink"), ...(one.label || {}) };
      if (one.type === "sankey") one.lineStyle = { color: "gradient", opacity: 0.35, ...(one.lineStyle || {}) };
    });
    picture.setOption(look(option));
    picture.on("click", (event) => { if (event.data && event.data.url) location.href = event.data.url; });
    drawn.set(place, picture);
  }

  function all() { document.querySelectorAll("[data-chart]").forEach(draw); }
  document.addEventListener("htmx:afterSettle", all);
  window.addEventListener("resize", () => drawn.forEach((picture) => picture.resize()));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(all, 0));
  all();
})();
