// Light or dark: as the reader last chose, else as their system has it.
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("theme");
  const paint = (dark) => {
    root.classList.toggle("dark", dark);
    root.classList.toggle("light", !dark);
    root.dataset.jpThemeLight = String(!dark); // what `explorer.css` goes by
  };
  let kept = null;
  try {
    kept = localStorage.getItem("dlnotes-theme");
  } catch {
    // a page from a file may have no storage
  }
  const system = matchMedia("(prefers-color-scheme: dark)");
  paint((asked ?? kept ?? (system.matches ? "dark" : "light")) === "dark");
  // Paper is white.
  let dark = false;
  addEventListener("beforeprint", () => {
    dark = root.classList.contains("dark");
    if (asked !== "dark") paint(false);
  });
  addEventListener("afterprint", () => paint(dark));
  addEventListener("DOMContentLoaded", () => {
    document.querySelector("button.theme")?.addEventListener("click", () => {
      const dark = !root.classList.contains("dark");
      paint(dark);
      try {
        localStorage.setItem("dlnotes-theme", dark ? "dark" : "light");
      } catch {
        // then it holds until the page is closed
      }
    });
  });
})();
