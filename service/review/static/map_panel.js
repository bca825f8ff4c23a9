// The list beside the map: what a search found or a line was drawn round, and the forms that make a theme of it.

import { said } from "./map_words.js";

const AT_ONCE = 10;

const fetched = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}.`);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
};

const known = new Map();

/** Lines (li) of some excerpts, in their order, each made anew from what the server wrote. */
export const linesOf = async (ids) => {
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length) {
    const piece = await fetched(`/themes/map/excerpts?ids=${missing.join(",")}`);
    for (const line of piece.querySelectorAll("li")) known.set(Number(line.dataset.id), line);
  }
  return ids.filter((id) => known.has(id)).map((id) => known.get(id).cloneNode(true));
};

export class Panel {
  #panel;
  #points;
  #hint;
  #clear;

  /** `ring(at)` marks a place on the map, null none; `clear()` forgets what was found or chosen. */
  constructor(panel, points, { ring, clear }) {
    this.#panel = panel;
    this.#points = points;
    this.#clear = clear;
    this.#hint = document.querySelector("#chosen-hint").content;
    const mark = ({ target }) => {
      const line = target.closest("li[data-id]");
      if (line) ring(points.placesOf([Number(line.dataset.id)])[0] ?? null);
    };
    for (const name of ["mouseover", "focusin"]) panel.addEventListener(name, mark);
    for (const name of ["mouseleave", "focusout"]) panel.addEventListener(name, () => ring(null));
  }

  /** Places of what the server says was found when it wrote the page. */
  found() {
    return this.#takeFound(this.#panel);
  }

  /** Search by meaning and list what is found; its places, nearest first. */
  async search(query) {
    this.#panel.replaceChildren(await fetched(`/themes/map/found?q=${encodeURIComponent(query)}`));
    const places = this.#takeFound(this.#panel);
    this.#reveal();
    return places;
  }

  /** List what a line was drawn round. */
  async chosen(places) {
    const title = document.createElement("h2");
    title.textContent = said("chosen", { count: places.length });
    const list = document.createElement("ul");
    list.className = "quotes";
    this.#panel.replaceChildren(title, list);
    await this.#fill(list, places.map((at) => this.#points.ids[at]));
    this.#offer(list, places);
    this.#reveal();
  }

  /** Say what can be done here. */
  rest() {
    this.#panel.replaceChildren(this.#hint.cloneNode(true));
  }

  #takeFound(panel) {
    const list = panel.querySelector("[data-ids]");
    if (!list) return [];
    const ids = list.dataset.ids.split(",").map(Number);
    for (const line of list.querySelectorAll("li")) known.set(Number(line.dataset.id), line.cloneNode(true));
    list.replaceChildren();
    this.#fill(list, ids);
    const places = this.#points.placesOf(ids);
    this.#offer(list, places);
    return places;
  }

  /** The first lines, and a button for more as long as there are any. */
  async #fill(list, ids) {
    const next = ids.slice(list.children.length, list.children.length + AT_ONCE);
    list.append(...(await linesOf(next)));
    const left = ids.length - list.children.length;
    if (left <= 0 || !next.length) return;
    const more = document.createElement("button");
    more.type = "button";
    more.textContent = said("more", { count: Math.min(left, AT_ONCE), all: left });
    more.addEventListener("click", async () => {
      more.remove();
      await this.#fill(list, ids);
    });
    list.after(more);
  }

  /** Forms over the list: a theme of its own, split off where they are a part of one, or another theme. */
  #offer(list, places) {
    const forms = document.querySelector("#chosen-form").content.firstElementChild.cloneNode(true);
    const points = this.#points;
    for (const field of forms.querySelectorAll("[name=excerpts]"))
      field.value = places.map((at) => points.ids[at]).join(",");
    const own = new Set(places.map((at) => points.themeOf(at)));
    const [only] = own;
    const whole = points.ids.filter((_, at) => points.themeOf(at) === only).length;
    if (own.size === 1 && only && places.length < whole) {
      const [make] = forms.querySelectorAll("form");
      make.elements.kind.value = "split";
      make.elements.theme.value = only.id;
      make.querySelector("button").textContent = said("split");
      forms.querySelector(`option[value="${only.id}"]`)?.remove();
    }
    forms.querySelector(".clear").addEventListener("click", () => this.#clear());
    list.before(forms);
  }

  #reveal() {
    const { top } = this.#panel.getBoundingClientRect();
    if (top > innerHeight * 0.8) this.#panel.scrollIntoView({ behavior: "smooth", block: "start" });
  }
}
