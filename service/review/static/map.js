// The map of excerpts: draws the points, shows what is pointed at, and hands a chosen lot to a form.

const room = document.querySelector("#map");
const chosen = document.querySelector("#chosen");
const tools = document.querySelector("#map-tools");
const count = document.querySelector("#map-count");
const MOODS = [[-1, "#a8281e"], [0, "#9aa4ad"], [1, "#1c6b3d"]];
const LANGUAGES = { pl: "#2f6690", cs: "#7a4fa3", et: "#1c7a4a", en: "#c26a1b", other: "#6b7680" };
const NONE = "#c3cad0";
const READ_AT_ONCE = 40;

// Neighbouring numbers get colours far apart: steps of the golden angle round the wheel.
const colourOf = (place) =>
  place < 0 ? NONE : `hsl(${(place * 137.508) % 360} ${55 + (place % 3) * 12}% ${38 + (place % 4) * 6}%)`;

const element = (name, text, className = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
};

const getJson = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
};

const points = await getJson("/themes/points.json");
const place = new Map(points.ids.map((id, at) => [id, at]));
let shown = points.ids.map((_, at) => at);
let found = [];

const colours = () => {
  const by = tools.elements.colour.value;
  if (by === "language") return { color: shown.map((at) => LANGUAGES[points.languages[at]] ?? NONE) };
  if (by === "mood") {
    const scale = MOODS.map(([value, colour]) => [(value + 1) / 2, colour]);
    return { color: shown.map((at) => points.moods[at]), cmin: -1, cmax: 1, colorscale: scale };
  }
  return { color: shown.map((at) => colourOf(points.themes[at])) };
};

const traces = () => [
  {
    type: "scattergl",
    mode: "markers",
    x: shown.map((at) => points.x[at]),
    y: shown.map((at) => points.y[at]),
    text: shown.map((at) => points.names[points.themes[at]]?.label ?? "without a theme"),
    hovertemplate: "%{text}<extra></extra>",
    marker: { size: shown.length > 10000 ? 4 : 7, opacity: 0.75, ...colours() },
    unselected: { marker: { opacity: 0.12 } },
  },
  {
    type: "scattergl",
    mode: "markers",
    x: found.map((at) => points.x[at]),
    y: found.map((at) => points.y[at]),
    hoverinfo: "skip",
    marker: { size: 13, color: "rgba(0,0,0,0)", line: { color: "#e08a3c", width: 2.5 } },
  },
];

const layout = {
  margin: { l: 0, r: 0, t: 0, b: 0 },
  showlegend: false,
  hovermode: "closest",
  dragmode: "lasso",
  uirevision: "stay",
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  xaxis: { visible: false },
  yaxis: { visible: false, scaleanchor: "x" },
};
const options = {
  responsive: true,
  displaylogo: false,
  scrollZoom: true,
  // Named one by one: what is not here (a button that uploads the chart, for one) must not be.
  modeBarButtons: [["lasso2d", "select2d", "pan2d", "zoom2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
  plotlyServerURL: "",
};

const read = async (places) => {
  const ids = places.slice(0, READ_AT_ONCE).map((at) => points.ids[at]);
  const rows = await getJson(`/themes/excerpts.json?ids=${ids.join(",")}`);
  const list = element("ul", "", "quotes");
  for (const row of rows) {
    const line = document.createElement("li");
    const quote = element("q", row.text, row.mood);
    quote.lang = row.language === "other" ? "" : row.language;
    line.append(element("small", row.language), quote);
    if (row.case) {
      const link = element("a", "case");
      link.href = `/cases/${row.case}`;
      line.append(link);
    }
    list.append(line);
  }
  return list;
};

const show = async (title, places, form) => {
  const list = await read(places);
  chosen.replaceChildren(element("h2", title), ...(form ? [form] : []), list);
};

const formOf = (places) => {
  const form = document.querySelector("#chosen-form").content.firstElementChild.cloneNode(true);
  form.elements.excerpts.value = places.map((at) => points.ids[at]).join(",");
  for (const theme of points.names) {
    const option = element("option", theme.label);
    option.value = theme.id;
    form.elements.theme.append(option);
  }
  const own = new Set(places.map((at) => points.themes[at]));
  const [only] = own;
  if (own.size === 1 && only >= 0) form.elements.theme.value = points.names[only].id;
  form.addEventListener("submit", (event) => {
    // A theme is made of nothing but the excerpts; the other two need to know which theme.
    form.elements.theme.disabled = event.submitter?.value === "make";
  });
  return form;
};

const draw = () => {
  const only = tools.elements.only.value;
  const wanted = points.names.findIndex((theme) => theme.id === only);
  shown = points.ids
    .map((_, at) => at)
    .filter((at) => !only || (only === "none" ? points.themes[at] < 0 : points.themes[at] === wanted));
  count.textContent = `${shown.length} excerpts${found.length ? `, ${found.length} found` : ""}`;
  return Plotly.react(room, traces(), layout, options);
};

const search = async () => {
  const query = tools.elements.q.value.trim();
  found = query
    ? (await getJson(`/themes/search.json?q=${encodeURIComponent(query)}`)).ids
        .map((id) => place.get(id))
        .filter((at) => at !== undefined)
    : [];
  await draw();
  if (query) await show(`${found.length} nearest to “${query}”`, found, found.length ? formOf(found) : null);
  else chosen.replaceChildren(element("h2", "Chosen"), element("p", "Nothing is chosen.", "quiet"));
};

await new Promise((ready) => {
  if (window.Plotly) ready();
  else document.querySelector('script[src="/plotly.js"]').addEventListener("load", ready);
});
await Plotly.newPlot(room, traces(), layout, options);
room.on("plotly_click", ({ points: [one] }) => show("Pointed at", [shown[one.pointIndex]], null));
room.on("plotly_selected", (event) => {
  const places = (event?.points ?? []).filter((one) => one.curveNumber === 0).map((one) => shown[one.pointIndex]);
  if (places.length) show(`${places.length} excerpts chosen`, places, formOf(places));
});
for (const name of ["colour", "only"]) tools.elements[name].addEventListener("change", draw);
tools.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
if (tools.elements.q.value) await search();
else await draw();
room.dataset.ready = "yes";
