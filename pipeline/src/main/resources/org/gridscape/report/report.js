(function () {
  "use strict";
  const points = JSON.parse(document.getElementById("points").textContent);
  const x = points.iterations;
  const last = x.length - 1;
  const root = getComputedStyle(document.documentElement);
  const colour = (i) => root.getPropertyValue("--c" + i).trim();
  // Axis colours that read on light, dark and paper alike.
  const ink = "#7f8793";
  const rule = "rgba(127,135,147,.22)";
  const font = "12px system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";

  // Distances of the marks on the axis of iterations, which has no fractions.
  const whole = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((e) => [1, 2, 5].map((d) => d * 10 ** e));

  const number = (v, percent) => {
    if (v === null || v === undefined) return "not finite";
    if (percent) return (100 * v).toFixed(1) + " %";
    const size = Math.abs(v);
    if (v !== 0 && (size < 1e-3 || size >= 1e6)) return Number(v.toPrecision(3)).toExponential();
    return String(Number(v.toPrecision(3)));
  };

  function readout(panel, values, index) {
    const line = document.getElementById("readout-" + panel.id);
    line.textContent = "";
    const add = (text, series) => {
      const span = document.createElement("span");
      if (series && series.colour < 8) {
        const swatch = document.createElement("i");
        swatch.className = "swatch c" + series.colour;
        span.append(swatch);
      }
      span.append(text);
      line.append(span);
    };
    add("Iteration " + x[index]);
    panel.series.forEach((series, i) => {
      if (series.dashed) return;
      const dashed = panel.series[i + 1];
      let text = number(values[i + 1][index], panel.percent);
      if (dashed && dashed.dashed) text += " / " + number(values[i + 2][index], panel.percent);
      add((series.label + " " + text).trim(), series);
    });
  }

  function zeroLine(u) {
    if (!(u.scales.y.min < 0 && u.scales.y.max > 0)) return;
    const y = Math.round(u.valToPos(0, "y", true)) + 0.5;
    u.ctx.save();
    u.ctx.strokeStyle = ink;
    u.ctx.beginPath();
    u.ctx.moveTo(u.bbox.left, y);
    u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
    u.ctx.stroke();
    u.ctx.restore();
  }

  function draw(panel) {
    const finite = (v) => (typeof v === "number" ? v : null);
    const values = [x].concat(panel.series.map((s) => s.values.map(finite)));
    const box = document.getElementById("chart-" + panel.id);
    const axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1, size: 4 } };
    const options = {
      width: box.clientWidth,
      height: 220,
      legend: { show: false },
      cursor: { sync: { key: "iteration" }, y: false, points: { size: 6 } },
      scales: { x: { time: false } },
      axes: [
        Object.assign({ size: 28, gap: 4, incrs: whole }, axis),
        Object.assign({ size: 58, gap: 4, values: (u, ticks) => ticks.map((t) => (panel.percent ? Number((100 * t).toPrecision(6)) + " %" : number(t))) }, axis),
      ],
      series: [{}].concat(panel.series.map((s) => ({
        stroke: colour(s.colour),
        width: 1.5,
        dash: s.dashed ? [5, 4] : undefined,
        points: { show: x.length <= 40, size: 5, fill: colour(s.colour) },
      }))),
      hooks: {
        drawAxes: [zeroLine],
        setCursor: [(u) => readout(panel, values, u.cursor.idx === null || u.cursor.idx === undefined ? last : u.cursor.idx)],
      },
    };
    readout(panel, values, last);
    return { box, plot: new uPlot(options, values, box) };
  }

  const plots = points.panels.map(draw);
  const fit = () => plots.forEach(({ box, plot }) => plot.setSize({ width: box.clientWidth, height: 220 }));
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((d) => { d.dataset.open = d.open; d.open = true; });
  });
  window.addEventListener("afterprint", () => {
    document.querySelectorAll("details").forEach((d) => { d.open = d.dataset.open === "true"; });
    fit();
  });
})();
