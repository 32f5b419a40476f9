// Finds the sections that hold every word typed; the page itself carries what it searches.
(() => {
  const index = JSON.parse(document.getElementById("search-index").textContent);
  const field = document.getElementById("search");
  const list = document.querySelector("ol.found");
  const MOST = 50;
  const AROUND = 60; // letters shown before a word that was found

  function entry([to, lesson, heading, text], words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = to;
    link.textContent = heading && heading !== lesson ? `${lesson}: ${heading}` : lesson;
    const at = Math.max(0, text.toLowerCase().indexOf(words[0]) - AROUND);
    const end = at + 4 * AROUND;
    const around = document.createElement("p");
    around.textContent = (at ? "…" : "") + text.slice(at, end) + (end < text.length ? "…" : "");
    item.append(link, around);
    return item;
  }

  const holds = (texts, words) => words.every((word) => texts.join(" ").toLowerCase().includes(word));

  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const inHeading = ([, lesson, heading]) => holds([lesson, heading], words);
    const found = words.length ? index.filter(([, ...texts]) => holds(texts, words)) : [];
    found.sort((one, other) => inHeading(other) - inHeading(one)); // else in the order of the course
    list.replaceChildren(...found.slice(0, MOST).map((section) => entry(section, words)));
    if (words.length && !found.length) list.append(list.dataset.none);
  }

  field.addEventListener("input", search);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  if (location.hash === "#search") field.focus();
})();
