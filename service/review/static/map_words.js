// What the map says by itself, in the language of the page, which the page gives along.

const words = JSON.parse(document.querySelector("#map-words").textContent);

/** A sentence of the map, its numbers written as in the language. */
export const said = (name, numbers = {}) =>
  Object.entries(numbers).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, value.toLocaleString(document.documentElement.lang)),
    words[name],
  );
