// Finds the sections that hold every word typed; the page itself carries what it searches.
(() => {
  const index = JSON.parse(document.getElementById("search-index").textContent);
  const field = document.getElementById("search");
  const list = document.querySelector("ol.found");
  const MOST = 20;
  const AROUND = 60; // letters shown before a word that was found

  function entry([file, lesson, heading, text], words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = file;
    link.textContent = heading && heading !== lesson ? `${lesson}: ${heading}` : lesson;
    const at = Math.max(0, text.toLowerCase().indexOf(words[0]) - AROUND);
    const said = document.createElement("p");
    said.textContent = (at ? "…" : "") + text.slice(at, at + 4 * AROUND) + "…";
    item.append(link, said);
    return item;
  }

  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length
      ? index.filter((section) => words.every((word) => section[3].toLowerCase().includes(word)))
      : [];
    list.replaceChildren(...found.slice(0, MOST).map((section) => entry(section, words)));
    if (words.length && !found.length) list.append(list.dataset.none);
  }

  field.addEventListener("input", search);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  if (location.hash === "#search") field.focus();
})();
