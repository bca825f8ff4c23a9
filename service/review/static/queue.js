// The queue goes on while somebody is in it: new cases are announced and come in where they
// belong, and whoever reads stays where they are. Every part of the page works without this.

const list = document.getElementById("cards");
const bar = document.getElementById("fresh");
const cards = (where) => [...where.querySelectorAll(":scope > [data-id]")];
const card = (id) => list.querySelector(`[data-id="${CSS.escape(id)}"]`);
let next = null;

const seen = () => cards(list).map((one) => one.dataset.id);
const fresh = () => {
  const known = new Set(seen());
  return cards(next).filter((one) => !known.has(one.dataset.id));
};

// What stands still while others come in: the card in use, or the first one in view.
const anchor = () => {
  const used = list.contains(document.activeElement) && document.activeElement.closest("[data-id]");
  return used || cards(list).find((one) => one.getBoundingClientRect().bottom > 0);
};

const bringIn = () => {
  const kept = anchor();
  const before = kept?.getBoundingClientRect().top;
  const focused = document.activeElement;
  for (const one of fresh()) {
    const after = one.previousElementSibling;
    const known = after && card(after.dataset.id);
    one.classList.add("new");
    const own = document.importNode(one, true);
    known ? known.after(own) : list.prepend(own);
  }
  if (kept) window.scrollBy(0, kept.getBoundingClientRect().top - before);
  list.dataset.since = next.dataset.since;
  bar.hidden = true;
  if (focused === bar.querySelector("button")) list.querySelector(".new .name")?.focus();
};

document.addEventListener("refreshed", ({ detail: page }) => {
  const found = page.getElementById("cards");
  if (found && !list && !document.activeElement.closest("form")) location.reload();
  if (!found || !list) return;
  next = found;
  // Cards that have left stay as they are until somebody looks again, but for what they say.
  for (const one of cards(found)) {
    const due = card(one.dataset.id)?.querySelector(".due");
    if (due) due.replaceWith(document.importNode(one.querySelector(".due"), true));
  }
  // What stands on another page of the view is told too; a link leads to it.
  const here = fresh().length;
  const elsewhere = Number(found.dataset.elsewhere);
  bar.querySelector("b").textContent = here + elsewhere;
  bar.querySelector("button").hidden = here === 0;
  bar.querySelector("a").hidden = elsewhere === 0;
  bar.hidden = here + elsewhere === 0;
});
bar?.querySelector("button").addEventListener("click", bringIn);

// Keys: x chooses the case in use, a too where none is chosen, before a leads to whom to give it
// (hence the capture); r and e open it there.
const use = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const name = document.activeElement.closest?.(".queue .name");
  if (!name) return;
  const box = name.closest("[data-id]").querySelector("[name=case]");
  const isFirst = event.key === "a" && !list.querySelector(":checked");
  if (event.key === "x" || isFirst) box.checked = !box.checked;
  if (event.key === "r" || event.key === "e") location.href = `${name.href}#${event.key}`;
};
document.addEventListener("keydown", use, { capture: true });
