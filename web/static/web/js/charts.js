// Draws a chart from the JSON of components/chart.html: few colours, values on the marks, the table stays beside it.
import { init } from "../vendor/echarts/echarts.mjs";

const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];

export function bind(figure) {
  const data = JSON.parse(document.getElementById(figure.dataset.ptChartData).textContent);
  if (!data.labels.length) return;
  figure.classList.add("is-drawn");
  const canvas = figure.querySelector("[data-pt-chart-canvas]");
  const kind = figure.dataset.ptChart;
  if (kind === "bars") canvas.style.height = `${Math.max(240, 56 + data.labels.length * (22 + 20 * data.series.length))}px`;
  else canvas.style.height = "340px";
  const locale = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  const chart = init(canvas, null, { renderer: "svg", locale });
  const draw = () => chart.setOption(optionOf(kind, data, figure.dataset.ptChartUnit, canvas.clientWidth), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const shown = (value) => Number(value).toLocaleString("zh-CN", { maximumFractionDigits: 2 });

function optionOf(kind, data, unit, width) {
  const ink = token("--ink-2");
  const text = { color: ink, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-strong") } },
    axisLabel: { ...text, width: kind === "bars" ? 120 : Math.max(40, (width - 90) / data.labels.length - 6), overflow: "break", interval: width < 480 ? "auto" : 0, hideOverlap: true } };
  const values = { type: "value", name: unit, nameTextStyle: text, axisLabel: { ...text, formatter: shown }, splitLine: { lineStyle: { color: token("--line") } }, splitNumber: 4 };
  const base = {
    color: COLOURS.map(token), textStyle: text, animationDuration: 250,
    aria: { enabled: true, decal: { show: false } },
    legend: data.series.length > 1 || kind === "pie" ? { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 18, icon: "rect", textStyle: text } : undefined,
    tooltip: { trigger: kind === "pie" ? "item" : "axis", valueFormatter: (value) => `${shown(value)} ${unit ?? ""}`, confine: true, transitionDuration: 0,
      backgroundColor: token("--raised"), borderColor: token("--line"), textStyle: { ...text, color: token("--ink") } },
  };
  if (kind === "pie") return { ...base, legend: undefined, series: [pie(data, text)] };
  const flat = kind === "bars";
  const label = { show: data.labels.length * data.series.length <= 36, position: flat ? "right" : "top", formatter: ({ value }) => shown(value), ...text, fontSize: 11,
    ...(flat ? {} : { backgroundColor: token("--ground"), padding: [0, 2] }) };
  return {
    ...base,
    grid: { left: 8, right: flat ? 72 : 16, top: data.series.length > 1 ? 56 : 36, bottom: 8, containLabel: true },
    xAxis: flat ? { ...values, name: "", axisLabel: { show: false }, splitLine: { show: false } } : names,
    yAxis: flat ? { ...names, inverse: true } : values,
    series: data.series.map((series, index) => ({
      name: series.name, type: kind === "line" ? "line" : "bar", data: series.values.map(Number), barMaxWidth: 28, barGap: "15%",
      symbol: ["circle", "rect", "triangle", "diamond"][index % 4], symbolSize: 7, lineStyle: { width: 2, type: index % 2 ? "dashed" : "solid" },
      label: kind === "line" && index % 2 ? { ...label, position: "bottom" } : label, labelLayout: { hideOverlap: true },
    })),
  };
}

function pie(data, text) {
  return { type: "pie", radius: ["42%", "68%"], center: ["50%", "52%"], label: { ...text, formatter: ({ name, percent }) => `${name}\n${percent.toFixed(1)} %` },
    labelLine: { length: 10, length2: 8 }, itemStyle: { borderColor: token("--ground"), borderWidth: 2 },
    data: data.labels.map((name, n) => ({ name, value: Number(data.series[0].values[n]) })) };
}
