// In an exported page: the checks that were answered in this browser, kept where it keeps what pages store.

const PROGRESS = "dlnotes-progress";

// {lesson: {check: whether it was ever right}}; null where the browser keeps nothing for this page.
function progress() {
  try {
    return JSON.parse(localStorage.getItem(PROGRESS) ?? "{}") ?? {};
  } catch {
    return null;
  }
}

// Count an answer to a check by the sign that its verdict begins with.
function tally(check, says) {
  const state = check?.signs[says[0]];
  const known = state !== undefined && progress();
  if (!known) return;
  const lesson = (known[check.lesson] ??= {});
  lesson[check.key] = state || lesson[check.key] === true;
  try {
    localStorage.setItem(PROGRESS, JSON.stringify(known));
  } catch {
    // the browser has no room: then it is not counted
  }
  document.dispatchEvent(new Event(PROGRESS));
}

// The map of the course as the source of an explorer: a table whose rows are lessons.
function counted(store) {
  const listeners = new Set();
  const tell = () => listeners.forEach((hear) => hear());
  for (const [where, event] of [[document, PROGRESS], [window, "storage"], [window, "pageshow"]])
    where.addEventListener(event, tell);

  function frame() {
    const known = progress();
    const svg = new DOMParser().parseFromString(store.picture, "text/html").body.firstElementChild;
    const [, ...rows] = svg.querySelectorAll("g[font-weight]"); // without the header
    const sum = { right: 0, all: 0 };
    store.map.forEach(([lesson, checks], i) => {
      const answers = checks.map((key) => known?.[lesson]?.[key]);
      const right = answers.filter((answer) => answer === true).length;
      const tried = answers.filter((answer) => answer !== undefined).length;
      sum.right += right;
      sum.all += checks.length;
      const texts = [...rows[i].querySelectorAll("text")].slice(-3); // right, tried, all
      [right, tried].forEach((count, k) => write(texts[k], String(count)));
    });
    const said = store.says.replace("{right}", sum.right).replace("{all}", sum.all);
    write(svg.querySelector("desc"), said);
    return { values: {}, picture: svg.outerHTML, says: `${said} ${known ? store.kept : store.lost}`, error: null };
  }

  return {
    words: store.words,
    title: store.title,
    kind: store.kind,
    controls: () => ({}),
    frame,
    send() {},
    listen(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
  };
}
