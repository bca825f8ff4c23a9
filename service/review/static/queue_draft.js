// The draft of the case in use, over the queue: p reads it there, and its own buttons review and
// send it; Escape goes back to the queue. Without this script it stands on the page of the case.

const dialog = document.getElementById("draft-of");
const box = dialog?.querySelector("div");
// Of the case nothing but its draft is read here, so what came back in it is not read yet.
const headers = { Accept: "text/html", "Odzew-Glance": "draft" };
let opened = null;
let isChanged = false;

const show = async (answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("draft");
  box.replaceChildren();
  const said = page.querySelector("section.said");
  for (const one of [page.querySelector("main > .problem"), said, found]) if (one) box.append(one);
  dialog.querySelector("h2").textContent = page.querySelector("h1")?.textContent ?? "";
  rest();
};

// What comes next has the focus; where nothing does, the way back, and never a field to type in.
const rest = () => {
  (box.querySelector(".primary") ?? dialog.querySelector("form[method=dialog] button")).focus();
};

const open = async (name) => {
  opened = name;
  isChanged = false;
  const answer = await fetch(name.href, { headers });
  if (!answer.ok) {
    location.href = name.href;
    return;
  }
  await show(answer);
  dialog.showModal();
  rest();
};

box?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const where = form.getAttribute("action"); // a button named action hides the property
  isChanged = true;
  await show(await fetch(where, { method: "POST", body, headers }));
});
dialog?.addEventListener("close", () => {
  if (isChanged) sessionStorage.setItem("queue-next", opened.closest("[data-id]").dataset.id);
  isChanged ? location.reload() : opened.focus();
});

// Back in the queue, the case that was in use is so again, or the one that took its place.
const left = sessionStorage.getItem("queue-next");
if (left) {
  sessionStorage.removeItem("queue-next");
  const names = [...document.querySelectorAll(".queue .name")];
  (names.find((one) => one.closest("[data-id]").dataset.id === left) ?? names[0])?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "p" || event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  const name = document.activeElement.closest?.(".queue .name");
  if (!name || !dialog) return;
  event.preventDefault();
  open(name);
});
