// The timeline: bars that narrow the query when they are clicked, stripes where not everything was seen, and bursts.
"use strict";

function stripes(colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  for (const shift of [-8, 0, 8]) { pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function draw(box) {
  const { starts, end, counts, gaps, queries, bursts } = JSON.parse(box.dataset.chart);
  const { color: barColour, outlineColor: stripeColour, caretColor: axisColour, textDecorationColor: burstColour } = getComputedStyle(box);
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const bar = (starts[1] || end) - starts[0];
  const axis = { stroke: axisColour, grid: { show: false }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
  const written = (options) => (at) => new Intl.DateTimeFormat(language, { timeZone: document.body.dataset.zone, ...options }).format(at * 1000);
  const day = written({ day: "numeric", month: "short" });
  const hour = written({ hour: "2-digit", minute: "2-digit", hour12: false });
  const spansDays = end - starts[0] > 2 * 86400;
  const shade = (plot) => {
    plot.ctx.save();
    plot.ctx.fillStyle = stripes(stripeColour);
    for (const [since, until] of gaps) {
      const from = plot.valToPos(since, "x", true);
      plot.ctx.fillRect(from, plot.bbox.top, Math.max(plot.valToPos(until, "x", true) - from, 2), plot.bbox.height);
    }
    plot.ctx.restore();
  };
  const markBursts = (plot) => {
    const size = 5 * devicePixelRatio;
    plot.ctx.save();
    plot.ctx.fillStyle = burstColour;
    for (const [began, seen] of bursts) {
      const from = plot.valToPos(began, "x", true);
      const wide = Math.max(plot.valToPos(seen, "x", true) - from, 2);
      plot.ctx.globalAlpha = 0.25;
      plot.ctx.fillRect(from, plot.bbox.top, wide, plot.bbox.height);
      plot.ctx.globalAlpha = 1;
      plot.ctx.beginPath();
      plot.ctx.moveTo(from + wide / 2 - size, plot.bbox.top);
      plot.ctx.lineTo(from + wide / 2 + size, plot.bbox.top);
      plot.ctx.lineTo(from + wide / 2, plot.bbox.top + 1.6 * size);
      plot.ctx.fill();
    }
    plot.ctx.restore();
  };
  const plot = new uPlot({
    width: box.clientWidth, height: 116, legend: { show: false }, padding: [6, 20, 0, 0],
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), document.body.dataset.zone),
    cursor: { y: false, drag: { x: false }, points: { show: false } },
    scales: { x: { range: () => [starts[0], end] }, y: { range: (_, __, most) => [0, Math.max(most, 1)] } },
    series: [{}, { fill: barColour, stroke: barColour, width: 0, points: { show: false },
      paths: uPlot.paths.bars({ align: 1, size: [0.85, 48] }) }],
    axes: [
      { ...axis, size: 24, values: (_, at) => at.map((one) => (spansDays || hour(one) === "00:00" ? day(one) : hour(one))) },
      { ...axis, size: 38, values: (_, at) => at.map((one) => (Number.isInteger(one) ? one.toLocaleString(language) : "")) },
    ],
    hooks: { drawClear: [shade], draw: [markBursts] },
  }, [starts, counts], box);
  const told = document.createElement("p");
  told.className = "told";
  box.append(told);
  const burstsIn = (at) => {
    const within = bursts.filter(([began, seen]) => seen >= starts[at] && began < (starts[at + 1] || end));
    return within.map(([, , name]) => ` ▼ ${name}`.trimEnd()).slice(0, 3).join("");
  };
  const under = () => Math.max(starts.findLastIndex((start) => start <= plot.posToVal(plot.cursor.left, "x")), 0);
  plot.over.addEventListener("mousemove", () => {
    const at = under();
    told.textContent = `${day(starts[at])}${bar < 86400 ? ` ${hour(starts[at])}` : ""} · ${counts[at].toLocaleString(language)}${burstsIn(at)}`;
  });
  plot.over.addEventListener("mouseleave", () => { told.textContent = ""; });
  plot.over.addEventListener("click", () => { location.href = `/?${new URLSearchParams({ q: queries[under()] })}`; });
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 116 })).observe(box);
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "timeline") event.target.querySelectorAll(".chart").forEach(draw);
});
