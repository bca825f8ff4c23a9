// The card beside a point: its words and its theme, while it is pointed at or, once clicked, until it is closed.

import { linesOf } from "./map_panel.js";
import { said } from "./map_words.js";

const PAUSE_MS = 70;

export class Card {
  #card;
  #ring;
  #view;
  #points;
  #pinned = null;
  #asked = null;

  constructor(frame, view, points) {
    this.#card = frame.querySelector("#card");
    this.#ring = frame.querySelector("#ring");
    this.#view = view;
    this.#points = points;
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** Show a point's words after a short pause, unless another is pinned. */
  async point(at) {
    if (this.#pinned !== null) return;
    this.#asked = at;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    if (this.#asked === at) await this.#show(at);
  }

  /** Keep a point's card open. */
  async pin(at) {
    this.#pinned = this.#asked = at;
    await this.#show(at);
  }

  /** The pointer left a point. */
  leave() {
    if (this.#pinned === null) this.close();
  }

  /** Take card and ring away. */
  close() {
    this.#pinned = this.#asked = null;
    this.#card.hidden = this.#ring.hidden = true;
  }

  /** Ring a point without its words; null takes the ring away. */
  ring(at) {
    this.#ring.hidden = at === null;
    if (at === null) return;
    const [left, top] = this.#pixel(at);
    Object.assign(this.#ring.style, { left: `${left}px`, top: `${top}px` });
  }

  async #show(at) {
    const [line] = await linesOf([this.#points.ids[at]]);
    if (this.#asked !== at || !line) return;
    const list = document.createElement("ul");
    list.className = "quotes";
    list.append(line);
    this.#card.replaceChildren(list);
    const isPinned = this.#pinned === at;
    this.#card.classList.toggle("pinned", isPinned);
    if (isPinned) this.#card.append(this.#closer());
    this.#card.hidden = false;
    this.ring(at);
    this.#place(at);
  }

  #closer() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.textContent = "×";
    button.setAttribute("aria-label", said("close"));
    button.addEventListener("click", () => this.close());
    return button;
  }

  #pixel(at) {
    return this.#view.pixel(this.#points.x[at], this.#points.y[at]);
  }

  /** Beside the point, inside the frame: below it, or above where there is more room. */
  #place(at) {
    const [left, top] = this.#pixel(at);
    const { clientWidth, clientHeight } = this.#card.parentElement;
    const { offsetWidth, offsetHeight } = this.#card;
    const above = top > clientHeight / 2;
    Object.assign(this.#card.style, {
      left: `${Math.min(Math.max(left - offsetWidth / 2, 8), clientWidth - offsetWidth - 8)}px`,
      top: `${above ? top - offsetHeight - 16 : top + 16}px`,
    });
  }
}
