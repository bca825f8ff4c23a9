// Small comforts; every page works without them.

// Filters act at once; on a phone they are folded, and several are chosen before they are shown.
const phone = matchMedia("(max-width: 560px)");
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => {
    if (phone.matches) return;
    for (const field of form.elements) field.disabled = field.name && !field.value;
    form.submit();
    for (const field of form.elements) field.disabled = false; // for whoever comes back
  });
  const show = form.querySelector("button");
  const choose = () => (show.hidden = !phone.matches);
  phone.addEventListener("change", choose);
  choose();
}

const grow = (area) => {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
};
for (const area of document.querySelectorAll("textarea[data-grow]")) {
  area.addEventListener("input", () => grow(area));
  grow(area);
}

// A text is copied by a button, which is not shown without this script.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.classList.add("copied");
  });
}

// What a form would give is shown while it is typed; the form's own button does without this script.
const TYPING_MS = 400;
for (const form of document.querySelectorAll("form[data-live]")) {
  const part = document.getElementById(form.dataset.live);
  let timer, asked;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const sent = { method: "POST", body: new FormData(form), signal: asked.signal, headers: { Accept: "text/html" } };
        const answer = await fetch(`${form.getAttribute("action")}/${form.dataset.live}`, sent);
        if (answer.ok) part.innerHTML = await answer.text();
      } catch {
        // Typed on meanwhile, or the server does not answer just now; the next letter asks again.
      }
    }, TYPING_MS);
  });
}

// One box chooses all on the page; without this script it is not shown.
for (const all of document.querySelectorAll("[data-pick-all]")) {
  all.closest("[hidden]").hidden = false;
  all.addEventListener("change", () => {
    const { pickAll } = all.dataset;
    for (const box of all.form.elements) if (box.name === pickAll) box.checked = all.checked;
  });
}

// A part of the page that goes on changing is fetched again, and only what it says is replaced.
const waiting = new Map(); // part to its timer; to null while it is being fetched
const missed = new Set(); // parts that somebody came back to meanwhile
const address = () => {
  const here = new URL(location.href);
  const { since } = document.querySelector("[data-since]")?.dataset ?? {};
  if (since) here.searchParams.set("since", since);
  return here;
};
const refresh = async (part) => {
  waiting.set(part, null);
  try {
    const answer = await fetch(address(), { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = answer.ok && page.getElementById(part.id);
    if (next) {
      const focused = part.contains(document.activeElement);
      part.innerHTML = next.innerHTML;
      if (focused) part.querySelector("a, button")?.focus();
      const bell = document.querySelector(".bell");
      const rung = page.querySelector(".bell");
      if (bell && rung) {
        bell.innerHTML = rung.innerHTML;
        bell.setAttribute("aria-label", rung.getAttribute("aria-label"));
      }
      document.dispatchEvent(new CustomEvent("refreshed", { detail: page }));
      if (!next.dataset.refresh) {
        document.title = page.title;
        waiting.delete(part);
        return;
      }
    }
  } catch {
    // The server does not answer just now; ask again.
  }
  again(part);
};
// It is fetched every so often, and at once when somebody comes back to the page: what was under way
// then was asked for before, so it is asked for once more.
const again = (part) => {
  if (missed.delete(part)) refresh(part);
  else waiting.set(part, setTimeout(refresh, Number(part.dataset.refresh), part));
};
for (const part of document.querySelectorAll("[data-refresh]")) again(part);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const [part, timer] of waiting) {
    if (timer === null) {
      missed.add(part);
    } else {
      clearTimeout(timer);
      refresh(part);
    }
  }
});

// Keys: j and k go through the queue, Enter opens; others press, open or focus what is marked with them.
const names = () => [...document.querySelectorAll(".queue .name")];
const step = (by) => {
  const all = names();
  const at = all.indexOf(document.activeElement);
  all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
};
const help = document.getElementById("keys");
const keys = { j: () => step(1), k: () => step(-1), "?": () => help?.showModal() };
const use = (marked) => {
  if (marked.matches("summary")) {
    marked.parentElement.open = true;
    marked.parentElement.querySelector("select, input:not([type=hidden]), textarea")?.focus();
  } else if (marked.matches("a, button")) {
    marked.click();
  } else {
    marked.focus();
  }
};
// A case opened for a key, as /cases/1#r, has it pressed.
const pressed = document.querySelector(`:is(.moving, .draft) [data-key="${CSS.escape(location.hash.slice(1))}"]`);
if (pressed && !pressed.matches("button")) use(pressed);
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!marked && !keys[event.key]) return;
  event.preventDefault();
  marked ? use(marked) : keys[event.key]();
});
