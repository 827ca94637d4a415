// Draws charts from the tables that stand with them (templates/staff/_chart.html says how to make one). The library draws;
// here its colours, type and marks become the product's. Without a script the tables say the same.
"use strict";
{
  const drawn = new Map();
  const DASHES = [[], [7, 4], [2, 3]];
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // A colour of tokens.css as it is here and now, in the scheme asked for.
  const colours = (figure, scheme) => {
    const probe = figure.appendChild(document.createElement("i"));
    if (scheme) probe.style.colorScheme = scheme;
    const of = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const found = { ink: of("ink"), soft: of("ink-2"), faint: of("ink-3"), line: of("line"), edge: of("edge"), surface: of("surface") };
    for (const head of figure.querySelectorAll("th[data-tone]")) found[head.dataset.tone] = of(head.dataset.tone);
    probe.remove();
    return found;
  };

  const read = (figure) => {
    const rows = [...figure.querySelectorAll("tbody tr")];
    const heads = [...figure.querySelectorAll("th[data-tone]")];
    return {
      labels: rows.map((row) => row.cells[0].textContent),
      links: rows.map((row) => row.cells[0].querySelector("a")),
      gaps: rows.map((row) => row.cells[1]?.dataset.why ?? ""),
      series: heads.map((head, at) => ({
        name: head.textContent,
        tone: head.dataset.tone,
        values: rows.map((row) => (row.cells[at + 1].dataset.v === undefined ? null : Number(row.cells[at + 1].dataset.v))),
        words: rows.map((row) => row.cells[at + 1].textContent),
      })),
    };
  };

  // Numbers of one chart are written with as many decimals, so that 2.9 beside 2.89 reads 2.90.
  const decimals = (values) => Math.max(0, ...values.map((value) => (value === null ? 0 : (String(value).split(".")[1] ?? "").length)));
  const written = (value, places) => value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });

  // A line's axis leaves room above and below what it shows, but none below zero where nothing is.
  const room = (values) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const more = (most - least || Math.abs(most) || 1) * 0.08;
    return { suggestedMin: least < 0 ? least - more : Math.max(0, least - more), suggestedMax: most + more };
  };

  const hatch = (colour) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    for (const shift of [-6, 0, 6]) {
      pen.moveTo(shift, 6);
      pen.lineTo(shift + 6, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  };

  // Under the data: months without a number, and the line that the numbers are held against.
  const under = {
    id: "under",
    beforeDatasetsDraw({ ctx, chartArea: area, scales, $told: told, $colours: colour }) {
      const step = scales.x.width / Math.max(told.labels.length, 1);
      const centre = (at) => scales.x.getPixelForValue(at);
      ctx.save();
      ctx.fillStyle = hatch(colour.edge);
      told.gaps.forEach((why, at) => {
        if (!why) return;
        const left = Math.max(centre(at) - step / 2 + 2, area.left);
        ctx.globalAlpha = 0.55;
        ctx.fillRect(left, area.top, Math.min(centre(at) + step / 2 - 2, area.right) - left, area.height);
      });
      ctx.globalAlpha = 1;
      if (told.bound !== null) {
        const y = scales.y.getPixelForValue(told.bound);
        ctx.strokeStyle = colour.edge;
        ctx.setLineDash([1, 3]);
        ctx.beginPath();
        ctx.moveTo(area.left, y);
        ctx.lineTo(area.right, y);
        ctx.stroke();
        ctx.fillStyle = colour.faint;
        ctx.font = told.font;
        ctx.textBaseline = "bottom";
        ctx.fillText(told.boundName, area.left + 2, y - 2);
      }
      ctx.restore();
    },
  };

  // Over the data: each value where there is room, and the name of a line at its end.
  const over = {
    id: "over",
    afterDatasetsDraw(chart) {
      const { ctx, $told: told, $colours: colour } = chart;
      ctx.save();
      ctx.font = told.font;
      const widest = Math.max(...told.series[0].values.map((value) => (value === null ? 0 : ctx.measureText(written(value, told.places)).width)));
      if (told.series.length === 1 && chart.scales.x.width / Math.max(told.labels.length, 1) >= widest + 6) {
        ctx.fillStyle = colour.ink;
        ctx.textAlign = "center";
        ctx.textBaseline = "bottom";
        chart.getDatasetMeta(0).data.forEach((mark, at) => {
          const value = told.series[0].values[at];
          if (value !== null) ctx.fillText(written(value, told.places), mark.x, mark.y - (told.line ? 7 : 3));
        });
      }
      if (told.ends) {
        const ends = told.series
          .map((one, at) => {
            const last = one.values.findLastIndex((value) => value !== null);
            return last < 0 ? null : { name: one.name, tone: one.tone, mark: chart.getDatasetMeta(at).data[last] };
          })
          .filter(Boolean)
          .sort((a, b) => a.mark.y - b.mark.y);
        ctx.textAlign = "left";
        ctx.textBaseline = "middle";
        let lowest = -Infinity;
        const x = chart.chartArea.right + 8;
        for (const end of ends) {
          const y = Math.max(end.mark.y, lowest + 15);
          lowest = y;
          ctx.fillStyle = colour[end.tone];
          ctx.fillText(end.name, x, y, told.ends - 10);
        }
      }
      ctx.restore();
    },
  };

  // Colours are given anew whenever the theme changes; nothing else does.
  const paint = (chart, scheme) => {
    const figure = chart.canvas.closest("[data-chart]");
    const colour = (chart.$colours = colours(figure, scheme));
    chart.data.datasets.forEach((set, at) => {
      const own = colour[chart.$told.series[at].tone];
      Object.assign(set, { borderColor: own, backgroundColor: own, pointBackgroundColor: own, pointBorderColor: own });
    });
    const { x, y } = chart.options.scales;
    x.ticks.color = y.ticks.color = colour.faint;
    y.grid.color = colour.line;
    x.border.color = colour.edge;
    Object.assign(chart.options.plugins.tooltip, { backgroundColor: colour.ink, titleColor: colour.surface, bodyColor: colour.surface, footerColor: colour.surface });
  };

  const draw = (figure) => {
    const told = read(figure);
    if (drawn.has(figure) || !told.series.some((one) => one.values.some((value) => value !== null))) return;
    const style = getComputedStyle(figure);
    const whole = told.series.every((one) => one.values.every(Number.isInteger));
    const line = figure.dataset.chart === "line";
    const values = told.series.flatMap((one) => one.values).filter((value) => value !== null);
    const bound = figure.dataset.bound === undefined ? null : Number(figure.dataset.bound);
    Object.assign(told, { line, bound, places: decimals(values), boundName: figure.dataset.boundName, font: `12px ${style.fontFamily}` });
    const plot = figure.querySelector(".plot");
    const canvas = plot.querySelector("canvas");
    plot.hidden = false;
    const pen = canvas.getContext("2d");
    pen.font = told.font;
    const widest = Math.max(...told.series.map((one) => pen.measureText(one.name).width));
    told.ends = line && told.series.length > 1 ? Math.min(widest + 14, figure.clientWidth * 0.32) : 0;
    const chart = new Chart(canvas, {
      type: line ? "line" : "bar",
      plugins: [{ id: "told", beforeInit: (chart) => { chart.$told = told; paint(chart); } }, under, over],
      data: {
        labels: told.labels,
        datasets: told.series.map((one, at) => ({
          label: one.name,
          data: one.values,
          spanGaps: false,
          borderWidth: line ? (at ? 1.5 : 2) : 0,
          borderDash: line ? DASHES[at % DASHES.length] : [],
          pointRadius: line ? (at || told.labels.length > 13 ? 1.5 : 3) : 0,
          maxBarThickness: 44,
          borderRadius: 2,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        events: ["mousemove", "mouseout", "click", "touchstart"],
        interaction: { mode: "index", intersect: false },
        layout: { padding: { top: 18, right: told.ends } },
        font: { family: style.fontFamily, size: 12 },
        scales: {
          x: { grid: { display: false }, border: {}, offset: true, ticks: { maxRotation: 0, autoSkipPadding: 12, font: { family: style.fontFamily, size: 12 } } },
          y: {
            beginAtZero: !line,
            ...(bound !== null ? { suggestedMax: bound } : line ? room(values) : {}),
            grid: {},
            border: { display: false },
            ticks: { maxTicksLimit: 5, precision: whole ? 0 : undefined, font: { family: style.fontFamily, size: 12 } },
          },
        },
        plugins: {
          legend: { display: !line && told.series.length > 1 },
          tooltip: {
            displayColors: false,
            footerFont: { weight: "normal" },
            callbacks: {
              label: ({ datasetIndex, dataIndex }) => `${told.series[datasetIndex].name} ${told.series[datasetIndex].words[dataIndex]}`,
              footer: ([item]) =>
                told.series.filter((one) => item && one.values[item.dataIndex] === null).map((one) => `${one.name} ${one.words[item.dataIndex]}`),
            },
          },
        },
        onClick: (_event, found) => told.links[found[0]?.index]?.click(),
        onHover: (_event, found) => plot.classList.toggle("leads", Boolean(told.links[found[0]?.index])),
      },
    });
    drawn.set(figure, chart);
  };

  const all = () => {
    for (const [figure, chart] of drawn)
      if (!figure.isConnected) {
        chart.destroy();
        drawn.delete(figure);
      }
    for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
  };
  const repaint = (scheme) => {
    for (const chart of drawn.values()) {
      paint(chart, scheme);
      chart.update();
    }
  };

  all();
  addEventListener("htmx:load", all);
  dark.addEventListener("change", () => repaint());
  new MutationObserver(() => repaint()).observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
  addEventListener("beforeprint", () => repaint("light"));
  addEventListener("afterprint", () => repaint());
}
