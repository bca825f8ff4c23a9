// The picture: draws with plotly, moves and zooms by mouse, finger, key and button, and tells what is pointed at.

const STEP = 1.5;
const ALL = { "xaxis.autorange": true, "yaxis.autorange": true };
const OPTIONS = { responsive: true, displayModeBar: false, scrollZoom: true, doubleClick: false, plotlyServerURL: "" };

const plotly = () =>
  new Promise((ready, fail) => {
    if (window.Plotly) return ready();
    const script = document.querySelector('script[src="/plotly.js"]');
    script.addEventListener("load", ready);
    script.addEventListener("error", () => fail(new Error("the drawing library did not load.")));
    return undefined;
  });

export class View {
  #frame;
  #room;
  #mode = "pan";
  #isZoomed = false;
  #next = null;
  #home = null;

  /** `frame` holds the map, its buttons and its hints; `on` is told of `point`, `leave`, `click`, `select` and `move`. */
  constructor(frame, on) {
    this.#frame = frame;
    this.#room = frame.querySelector("#map");
    this.on = on;
    frame.querySelector(".map-bar").addEventListener("click", ({ target }) => {
      const { mode, zoom } = target.closest("button")?.dataset ?? {};
      if (mode) this.setMode(mode);
      if (zoom) this.#zoomBy(zoom);
    });
    this.#room.addEventListener("keydown", (event) => this.#key(event));
    this.#listenToFingers();
  }

  /** Draw; the first time waits for the library. */
  async draw(traces) {
    const isFirst = !this.#room.data;
    if (isFirst) await plotly();
    await Plotly.react(this.#room, traces, this.#layout(), OPTIONS);
    if (!isFirst) return;
    const over = (event) => event.points.find((one) => one.customdata !== undefined)?.customdata;
    const tell = (what) => (event) => over(event) !== undefined && this.on[what](over(event));
    this.#room.on("plotly_hover", tell("point"));
    this.#room.on("plotly_unhover", () => this.on.leave());
    this.#room.on("plotly_click", tell("click"));
    this.#room.on("plotly_selected", (event) => {
      if (event) this.on.select(event.points.map((one) => one.customdata).filter((at) => at !== undefined));
    });
    this.#room.on("plotly_relayouting", () => this.on.move());
    this.#room.on("plotly_relayout", () => this.#moved());
    this.#home = this.#ranges();
    this.#room.dataset.ready = "yes";
  }

  /** Where a point of the map lies in the frame, in pixels. */
  pixel(x, y) {
    const [across, up] = this.#ranges();
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = this.#room;
    return [
      offsetLeft + ((x - across[0]) / (across[1] - across[0])) * clientWidth,
      offsetTop + (1 - (y - up[0]) / (up[1] - up[0])) * clientHeight,
    ];
  }

  /** "pan": dragging moves the map; "lasso": it draws a line round points. */
  setMode(mode) {
    this.#mode = mode;
    for (const button of this.#frame.querySelectorAll("[data-mode]"))
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    for (const hint of this.#frame.querySelectorAll(".hint")) hint.hidden = hint.dataset.for !== mode;
    this.#touchAction();
    Plotly.relayout(this.#room, { dragmode: mode });
  }

  #layout() {
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    const axis = { visible: false };
    return {
      ...(this.#room.layout ?? {}),
      margin: { l: 0, r: 0, t: 0, b: 0 },
      showlegend: false,
      hovermode: "closest",
      dragmode: this.#mode,
      uirevision: "stay",
      selections: [],
      newselection: { line: { color: ink, width: 1.5 } },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: { ...axis, ...(this.#room.layout?.xaxis ?? {}) },
      yaxis: { ...axis, scaleanchor: "x", ...(this.#room.layout?.yaxis ?? {}) },
    };
  }

  #ranges() {
    const { xaxis, yaxis } = this.#room._fullLayout;
    return [[...xaxis.range], [...yaxis.range]];
  }

  /** Show some ranges with the next frame, however often it is asked for. */
  #show(across, up) {
    if (!this.#next) requestAnimationFrame(() => {
      const [x, y] = this.#next;
      this.#next = null;
      Plotly.relayout(this.#room, { "xaxis.range": x, "yaxis.range": y });
    });
    this.#next = [across, up];
  }

  #zoomBy(what) {
    if (what === "all") return void Plotly.relayout(this.#room, ALL);
    const scale = what === "in" ? 1 / STEP : STEP;
    const [across, up] = this.#ranges();
    return this.#show(scaled(across, scale, 0.5), scaled(up, scale, 0.5));
  }

  #moved() {
    this.on.move();
    const [[left, right]] = this.#ranges();
    const [[first, last]] = this.#home ?? [[left, right]];
    this.#isZoomed = right - left < 0.98 * (last - first);
    this.#touchAction();
  }

  #touchAction() {
    // All of it in sight: a swipe scrolls the page. Zoomed in, or choosing: the finger is the map's.
    this.#frame.classList.toggle("takes-swipes", this.#isZoomed || this.#mode === "lasso");
  }

  #key(event) {
    const zoom = { "+": "in", "=": "in", "-": "out", 0: "all" }[event.key];
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(zoom || move)) return;
    event.preventDefault();
    if (zoom) return void this.#zoomBy(zoom);
    const [across, up] = this.#ranges();
    this.#show(shifted(across, move[0] * 0.15), shifted(up, move[1] * 0.15));
  }

  /** One finger moves a map that is zoomed in, two zoom it; plotly's own handling of touch knows no pinch. */
  #listenToFingers() {
    let start = null;
    const begin = (event) => {
      if (this.#mode !== "pan") return;
      event.stopPropagation();
      start = { fingers: [...event.touches], ranges: this.#ranges() };
    };
    const move = (event) => {
      if (!start || !(this.#isZoomed || event.touches.length > 1)) return;
      if (event.cancelable) event.preventDefault();
      event.stopPropagation();
      const fingers = [...event.touches];
      if (fingers.length !== start.fingers.length) {
        start = { fingers, ranges: this.#ranges() };
        return;
      }
      const box = this.#room.getBoundingClientRect();
      const [from, to] = [middle(start.fingers, box), middle(fingers, box)];
      const scale = spread(start.fingers) / spread(fingers);
      const [across, up] = start.ranges;
      this.#show(
        shifted(scaled(across, scale, from.x), from.x - to.x),
        shifted(scaled(up, scale, from.y), from.y - to.y),
      );
    };
    const end = (event) => {
      start = start && event.touches.length ? { fingers: [...event.touches], ranges: this.#ranges() } : null;
    };
    const first = { capture: true, passive: false };
    this.#room.addEventListener("touchstart", begin, first);
    this.#room.addEventListener("touchmove", move, first);
    for (const name of ["touchend", "touchcancel"]) this.#room.addEventListener(name, end, first);
  }
}

/** A range made wider by `scale` round the share `at` of it that stays where it is. */
const scaled = ([from, to], scale, at) => {
  const fixed = from + (to - from) * at;
  return [fixed - (fixed - from) * scale, fixed + (to - fixed) * scale];
};

/** A range moved by a share of its width. */
const shifted = ([from, to], share) => [from + share * (to - from), to + share * (to - from)];

/** Middle of some fingers as shares of the box, from its lower left corner. */
const middle = (fingers, box) => ({
  x: (mean(fingers.map((one) => one.clientX)) - box.left) / box.width,
  y: 1 - (mean(fingers.map((one) => one.clientY)) - box.top) / box.height,
});

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const spread = ([one, other]) =>
  other ? Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1) : 1;
