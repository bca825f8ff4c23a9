// The map of excerpts: joins its points, the picture of them, the legend, and the list of what was found or chosen.

import { Card } from "./map_card.js";
import { Panel } from "./map_panel.js";
import { load, traces, under } from "./map_points.js";
import { View } from "./map_view.js";
import { said } from "./map_words.js";

const find = (selector) => document.querySelector(selector);
const tools = find("#map-tools");
const { colour, only } = find("#map-view").elements;
const problem = find("#map-problem");
const count = find("#map-count");
const whole = count.innerHTML;

const tell = (error) => {
  console.error(error);
  problem.textContent = said("failed");
  problem.hidden = false;
};

const guarded = (work) => async (...given) => {
  problem.hidden = true;
  try {
    await work(...given);
  } catch (error) {
    tell(error);
  }
};

const remember = (query) => {
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
};

const start = async () => {
  for (const part of document.querySelectorAll(".needs-map")) part.hidden = false;
  find(".without-map").hidden = true;
  const points = await load();
  // What is lit: points under a theme and, where coloured otherwise, under a line of that legend too.
  const lighted = { theme: "", mood: "", language: "" };
  let found = null;
  let chosen = null;

  const view = new View(find("#map-frame"), {
    point: guarded((at) => card.point(at)),
    leave: () => card.leave(),
    click: guarded((at) => card.pin(at)),
    move: () => card.close(),
    select: guarded(async (places) => {
      chosen = places.length ? new Set(places) : null;
      await (chosen ? panel.chosen(places) : clear());
    }),
  });
  const card = new Card(find("#map-frame"), view, points);

  const draw = () => {
    const by = colour.value;
    const tests = [under(points, "theme", lighted.theme), under(points, by, lighted[by])];
    const lit = (at) => (!found || found.has(at)) && tests.every((test) => test(at));
    const { drawn, bright } = traces(points, { by, lit, found, chosen });
    for (const button of document.querySelectorAll(".legend button"))
      button.setAttribute("aria-pressed", String(lighted[button.closest("ul").dataset.by] === button.dataset.key));
    for (const list of document.querySelectorAll(".legend ul")) list.hidden = list.dataset.by !== by;
    if (!found && bright === points.ids.length) count.innerHTML = whole;
    else count.textContent = said(found ? "found" : "highlighted", { count: bright, all: points.ids.length });
    card.close();
    return view.draw(drawn);
  };

  const clear = () => {
    found = chosen = null;
    tools.elements.q.value = "";
    remember("");
    panel.rest();
    return draw();
  };
  const panel = new Panel(find("#chosen"), points, { ring: (at) => card.ring(at), clear: guarded(clear) });

  const search = async () => {
    const query = tools.elements.q.value.trim();
    remember(query);
    const places = await panel.search(query);
    found = places.length ? new Set(places) : null;
    chosen = null;
    await draw();
  };

  colour.addEventListener("change", guarded(() => {
    lighted.mood = lighted.language = "";
    return draw();
  }));
  only.addEventListener("change", guarded(() => {
    lighted.theme = only.value;
    return draw();
  }));
  find(".legend").addEventListener("click", guarded(({ target }) => {
    const key = target.closest("button")?.dataset.key;
    if (key === undefined) return null;
    lighted[colour.value] = lighted[colour.value] === key ? "" : key;
    if (colour.value === "theme") only.value = lighted.theme;
    return draw();
  }));
  tools.addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(search)();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", guarded(draw));

  const already = panel.found();
  if (already.length) found = new Set(already);
  await draw();
};

start().catch(tell);
