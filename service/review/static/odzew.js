// Small comforts; every page works without them.

for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => {
    for (const field of form.elements) field.disabled = field.name && !field.value;
    form.submit();
    for (const field of form.elements) field.disabled = false; // for whoever comes back
  });
  form.querySelector("button").hidden = true;
}

const grow = (area) => {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
};
for (const area of document.querySelectorAll("textarea[data-grow]")) {
  area.addEventListener("input", () => grow(area));
  grow(area);
}
