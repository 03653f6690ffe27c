(function () {
  "use strict";
  const points = JSON.parse(document.getElementById("points").textContent);
  const finite = (v) => (typeof v === "number" ? v : null);
  const root = getComputedStyle(document.documentElement);
  const colour = (i) => root.getPropertyValue("--c" + i).trim();
  // Axis colours that read on light, dark and paper alike.
  const ink = "#7f8793";
  const rule = "rgba(127,135,147,.22)";
  const font = "12px system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";

  // Distances of the marks on the axis of iterations, which has no fractions.
  const whole = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((e) => [1, 2, 5].map((d) => d * 10 ** e));

  const number = (v, percent) => {
    if (v === null || v === undefined) return "not known";
    if (typeof v !== "number") return "not finite";
    if (percent) return (100 * v).toFixed(1) + " %";
    const size = Math.abs(v);
    if (v !== 0 && (size < 1e-3 || size >= 1e6)) return Number(v.toPrecision(3)).toExponential();
    return String(Number(v.toPrecision(3)));
  };

  function readout(panel, x, at) {
    let index = at === null || at === undefined ? x.length - 1 : at;
    const measured = (i) => panel.series.some((series) => finite(series.values[i]) !== null);
    while (panel.sparse && index > 0 && !measured(index)) index--;
    const line = document.getElementById("readout-" + panel.id);
    const value = (series) => number(series.values[index], panel.percent);
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
      if (series.dashed || (series.lower && finite(series.values[index]) === null)) return;
      const dashed = panel.series[i + 1];
      let text = value(series);
      if (dashed && dashed.dashed) text += " / " + value(dashed);
      if (series.lower) text += " (" + number(series.lower[index]) + " to " + number(series.upper[index]) + ")";
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

  // Where the run returned to a checkpoint.
  function marks(u) {
    u.ctx.save();
    u.ctx.strokeStyle = root.getPropertyValue("--bad").trim();
    u.ctx.lineWidth = uPlot.pxRatio;
    u.ctx.setLineDash([4 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    points.recoveries.filter((i) => i >= u.scales.x.min && i <= u.scales.x.max).forEach((i) => {
      const left = Math.round(u.valToPos(i, "x", true)) + 0.5;
      u.ctx.beginPath();
      u.ctx.moveTo(left, u.bbox.top);
      u.ctx.lineTo(left, u.bbox.top + u.bbox.height);
      u.ctx.stroke();
    });
    u.ctx.restore();
  }

  const plots = [];

  function plot(id, values, ticks, options) {
    const box = document.getElementById("chart-" + id);
    const axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1, size: 4 } };
    const common = {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      cursor: { sync: { key: "iteration" }, y: false, points: { size: 6 } },
      scales: { x: { time: false } },
      axes: [
        Object.assign({ size: 28, gap: 4, incrs: whole }, axis),
        Object.assign({ size: 58, gap: 4 }, axis, ticks),
      ],
    };
    plots.push({ box, height: common.height, plot: new uPlot(Object.assign(common, options), values, box) });
  }

  function drawPanel(panel) {
    const x = points.iterations;
    const values = [x].concat(panel.series.map((s) => s.values.map(finite)));
    const label = (t) => (panel.percent ? Number((100 * t).toPrecision(6)) + " %" : number(t));
    readout(panel, x);
    plot(panel.id, values, { values: (u, ticks) => ticks.map(label) }, {
      series: [{}].concat(panel.series.map((s) => ({
        stroke: colour(s.colour),
        width: 1.5,
        dash: s.dashed ? [5, 4] : undefined,
        spanGaps: panel.sparse,
        points: { show: x.length <= 40, size: 5, fill: colour(s.colour) },
      }))),
      hooks: {
        drawAxes: [zeroLine, marks],
        setCursor: [(u) => readout(panel, x, u.cursor.idx)],
      },
    });
  }

  // The interval of every score, with ends, where there is room for them.
  function whiskers(u, lines) {
    const end = 4 * uPlot.pxRatio;
    u.ctx.save();
    u.ctx.lineWidth = 1.5 * uPlot.pxRatio;
    lines.forEach((line) => {
      u.ctx.strokeStyle = colour(line.colour);
      u.data[0].forEach((iteration, i) => {
        if (finite(line.values[i]) === null || iteration < u.scales.x.min || iteration > u.scales.x.max) return;
        const x = u.valToPos(iteration, "x", true);
        const ends = [line.lower[i], line.upper[i]].map((v) => u.valToPos(v, "y", true));
        u.ctx.beginPath();
        u.ctx.moveTo(x, ends[0]);
        u.ctx.lineTo(x, ends[1]);
        ends.forEach((y) => {
          u.ctx.moveTo(x - end, y);
          u.ctx.lineTo(x + end, y);
        });
        u.ctx.stroke();
      });
    });
    u.ctx.restore();
  }

  function drawScores(scores) {
    const x = scores.iterations;
    const few = x.length <= 40;
    const panel = { id: "scores", series: scores.lines.map((line) => Object.assign({}, line, scores.lines.length > 1 ? {} : { label: "" })) };
    const values = [x];
    const series = [{}];
    const bands = [];
    scores.lines.forEach((line) => {
      bands.push({ series: [values.length, values.length + 1], fill: colour(line.colour) + "30" });
      [line.upper, line.lower].forEach((edge) => {
        values.push(edge.map(finite));
        series.push({ stroke: "transparent", width: 0, spanGaps: true, points: { show: false } });
      });
      values.push(line.values.map(finite));
      series.push({ stroke: colour(line.colour), width: 1.5, spanGaps: true, points: { show: few, size: 6, fill: colour(line.colour) } });
    });
    const drawMeans = () => {
      const means = { id: "means", series: panel.series.map((line) => ({ label: line.label, colour: line.colour, values: line.means })) };
      readout(means, x);
      plot("means", [x].concat(means.series.map((line) => line.values.map(finite))), {}, {
        scales: { x: { time: false, range } },
        padding: [10, 12, null, null],
        series: [{}].concat(means.series.map((line) => ({ stroke: colour(line.colour), width: 1.5, spanGaps: true, points: { show: few, size: 6, fill: colour(line.colour) } }))),
        hooks: { drawAxes: [zeroLine, marks], setCursor: [(u) => readout(means, x, u.cursor.idx)] },
      });
    };
    // Seen as a whole, from the first iteration to the last, as the other diagrams are.
    const range = (u, min, max) => {
      const all = x.length === 1 || (min === x[0] && max === x[x.length - 1]);
      const [from, to] = all ? scores.axis : [min, max];
      return from < to ? [from, to] : [from - 0.5, to + 0.5];
    };
    readout(panel, x);
    plot("scores", values, {}, {
      scales: { x: { time: false, range } },
      padding: [10, 12, null, null],
      series,
      bands,
      hooks: {
        drawAxes: [zeroLine, marks],
        draw: [(u) => { if (few) whiskers(u, scores.lines); }],
        setCursor: [(u) => readout(panel, x, u.cursor.idx)],
      },
    });
    if (document.getElementById("chart-means")) drawMeans();
  }

  // One column an iteration, from the axis up, reaching halfway to its neighbours.
  function columns(u, series, from, to) {
    const x = u.data[0];
    const fill = new Path2D();
    const at = (v) => Math.round(u.valToPos(v, "x", true));
    const floor = u.valToPos(0, "y", true);
    for (let i = from; i <= to; i++) {
      const left = at(i > 0 ? (x[i - 1] + x[i]) / 2 : x[i] - 0.5);
      const right = at(i + 1 < x.length ? (x[i] + x[i + 1]) / 2 : x[i] + 0.5);
      const top = u.valToPos(u.data[series][i], "y", true);
      fill.rect(left, top, Math.max(1, right - left), floor - top);
    }
    return { fill };
  }

  // The seconds of columns that reach beyond the top, where they do not cover each other.
  function cutOff(u, totals) {
    const [from, to] = u.series[1].idxs;
    let free = u.bbox.left;
    u.ctx.save();
    u.ctx.font = 11 * uPlot.pxRatio + "px system-ui, Arial, sans-serif";
    u.ctx.fillStyle = root.getPropertyValue("--text").trim();
    u.ctx.textAlign = "center";
    u.ctx.textBaseline = "bottom";
    for (let i = from; i <= to; i++) {
      if (totals[i] <= u.scales.y.max) continue;
      const text = "\u2191 " + number(totals[i]) + " s";
      const half = u.ctx.measureText(text).width / 2;
      const middle = Math.max(u.bbox.left + half, Math.min(u.bbox.left + u.bbox.width - half, u.valToPos(u.data[0][i], "x", true)));
      if (middle - half < free) continue;
      u.ctx.fillText(text, middle, u.bbox.top);
      free = middle + half + 6 * uPlot.pxRatio;
    }
    u.ctx.restore();
  }

  function drawTimeline(timeline) {
    const x = timeline.iterations;
    const sums = [];
    timeline.phases.forEach((phase, p) => sums.push(phase.values.map((v, i) => (finite(v) || 0) + (p > 0 ? sums[p - 1][i] : 0))));
    const totals = sums[sums.length - 1];
    // Seen as a whole, a few spikes shall not flatten everything else.
    const usual = Array.from(totals).sort((a, b) => a - b)[x.length >> 1];
    const height = (u, min, max) => {
      const [from, to] = u.series[1].idxs;
      return [0, (to - from + 1 < x.length ? max : Math.min(max, 4 * usual)) * 1.05 || 1];
    };
    // The highest first: each phase covers what lies below the next.
    const order = timeline.phases.map((phase, p) => p).reverse();
    const executors = timeline.executors.map((n) => n || null);
    const panel = { id: "timeline", series: [{ label: "seconds", colour: 8, values: totals }].concat(timeline.phases) };
    if (executors.length > 0) panel.series.push({ label: "executors", colour: 8, values: executors });
    const hooks = { draw: [marks], setCursor: [(u) => readout(panel, x, u.cursor.idx)] };
    const wide = { time: false, range: (u, min, max) => [min - 0.5, max + 0.5] };
    readout(panel, x);
    plot("timeline", [x].concat(order.map((p) => sums[p])), { values: (u, ticks) => ticks.map((t) => number(t) + " s") }, {
      scales: { x: wide, y: { range: height } },
      padding: [18, null, null, null],
      series: [{}].concat(order.map((p) => ({ fill: colour(p), paths: columns, points: { show: false } }))),
      cursor: { sync: { key: "iteration" }, y: false, points: { show: false } },
      hooks: Object.assign({}, hooks, { draw: [marks, (u) => cutOff(u, totals)] }),
    });
    if (executors.length === 0) return;
    plot("executors", [x, executors], { incrs: whole, space: 18 }, {
      scales: { x: wide, y: { range: (u, min, max) => [0, max + 1] } },
      series: [{}, { stroke: colour(8), width: 2, paths: uPlot.paths.stepped({ align: 1 }), points: { show: x.length <= 40, size: 5, fill: colour(8) } }],
      hooks,
    });
  }

  if (points.scores.iterations.length > 0) drawScores(points.scores);
  points.panels.forEach(drawPanel);
  if (points.timeline.iterations.length > 0) drawTimeline(points.timeline);
  const fit = () => plots.forEach(({ box, height, plot }) => plot.setSize({ width: box.clientWidth, height }));
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((d) => { d.dataset.open = d.open; d.open = true; });
  });
  window.addEventListener("afterprint", () => {
    document.querySelectorAll("details").forEach((d) => { d.open = d.dataset.open === "true"; });
    fit();
  });
})();
