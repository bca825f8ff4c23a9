// The points of the map: fetched once, sorted into the lines of a legend, and made into what plotly draws.

const MANY = 10_000;

/** The points, column by column; a place (`at`) is a point's number in all columns. */
export const load = async () => {
  const answer = await fetch("/themes/points.json", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}.`);
  const points = await answer.json();
  const places = new Map(points.ids.map((id, at) => [id, at]));
  /** Places of some excerpts, in their order; one that is not on the map is left out. */
  points.placesOf = (ids) => ids.map((id) => places.get(id)).filter((at) => at !== undefined);
  points.themeOf = (at) => points.names[points.themes[at]] ?? null;
  return points;
};

const legend = (by) => [...document.querySelectorAll(`.legend ul[data-by="${by}"] button`)];

/** Key of the legend's line that a point stands under. */
const keyOf = (points, by, at, named) => {
  if (by === "mood") return points.keys.mood[points.moods[at]];
  if (by === "language") return points.keys.language[points.languages[at]];
  const theme = points.themeOf(at);
  if (!theme) return "none";
  return named.has(theme.id) ? theme.id : "other";
};

/** A test of places: do they stand under a key? No key is under all; a theme need not be named in the legend. */
export const under = (points, by, key) => {
  if (!key) return () => true;
  const named = new Set(legend(by).map((button) => button.dataset.key));
  if (by === "theme" && !named.has(key)) return (at) => points.themeOf(at)?.id === key;
  return (at) => keyOf(points, by, at, named) === key;
};

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What plotly draws: dimmed points below, a lot for each line of the legend, rings round those found. */
export const traces = (points, { by, lit, found, chosen }) => {
  const buttons = legend(by);
  const named = new Set(buttons.map((button) => button.dataset.key));
  const lots = new Map(buttons.map((button) => [button.dataset.key, []]));
  const dim = [];
  points.ids.forEach((_, at) => (lit(at) ? lots.get(keyOf(points, by, at, named)) : dim)?.push(at));
  const size = points.ids.length > MANY ? 4 : 7;
  const trace = (places, marker, more = {}) => ({
    type: "scattergl",
    mode: "markers",
    x: Float32Array.from(places, (at) => points.x[at]),
    y: Float32Array.from(places, (at) => points.y[at]),
    marker: { size, ...marker },
    unselected: { marker: { opacity: 0.12 } },
    ...more,
  });
  const drawn = [trace(dim, { color: colour("--map-other"), opacity: 0.13 }, { hoverinfo: "skip" })];
  // The last lines of a legend, other themes and none, say least: they lie below.
  for (const button of buttons.toReversed()) {
    const places = lots.get(button.dataset.key);
    const shade = getComputedStyle(button.querySelector(".swatch")).getPropertyValue("--own").trim();
    const hollow = button.dataset.key === "none";
    const marker = hollow
      ? { color: "rgba(0,0,0,0)", line: { color: shade, width: 1.2 }, opacity: 0.85 }
      : { color: shade, opacity: 0.8 };
    const selected = chosen && places.flatMap((at, index) => (chosen.has(at) ? [index] : []));
    drawn.push(trace(places, marker, {
      customdata: places,
      hoverinfo: "none",
      selectedpoints: selected ?? null,
    }));
  }
  const rings = { size: size + 5, color: "rgba(0,0,0,0)", line: { color: colour("--ring"), width: 1 } };
  if (found) drawn.push(trace([...found].filter(lit), rings, { hoverinfo: "skip" }));
  return { drawn, bright: points.ids.length - dim.length };
};
