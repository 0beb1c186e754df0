// Keeps the page light however far one scrolls: rows far from the window are kept as text, with a space as high as they were.
"use strict";

const MOST_ROWS = 400;
const ROWS_AWAY = 100;
const away = new Map(); // the space (an li.away) → { html, ids }

function opened(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return document.importNode(template.content, true);
}

function written(nodes) {
  return [...nodes].map((node) => node.outerHTML).join("");
}

function bringBack(space) {
  watching.unobserve(space);
  space.replaceWith(opened(away.get(space).html));
  away.delete(space);
}

function putAway(run) {
  const space = document.createElement("li");
  const mentions = run.filter((row) => row.matches(".mention"));
  space.className = "away";
  space.style.height = `${run.at(-1).getBoundingClientRect().bottom - run[0].getBoundingClientRect().top}px`;
  space.dataset.at = mentions.at(-1).dataset.at;
  away.set(space, { html: written(run), ids: new Set(mentions.map((row) => row.id)) });
  run[0].before(space);
  run.forEach((row) => row.remove());
  watching.observe(space);
}

function farthestRun(list) {
  const loaded = [...list.children].filter((row) => row.matches(".mention, .day"));
  const above = -loaded[0].getBoundingClientRect().top;
  const below = loaded.at(-1).getBoundingClientRect().bottom - innerHeight;
  const [from, way] = above > below ? [loaded[0], "nextElementSibling"] : [loaded.at(-1), "previousElementSibling"];
  const run = [];
  for (let row = from; row?.matches(".mention, .day") && run.length < ROWS_AWAY; row = row[way]) run.push(row);
  return above > below ? run : run.reverse();
}

function lighten(list) {
  while (list.getElementsByClassName("mention").length > MOST_ROWS) {
    const run = farthestRun(list);
    const box = [run[0].getBoundingClientRect().top, run.at(-1).getBoundingClientRect().bottom];
    const isSeen = box[1] > -innerHeight && box[0] < 2 * innerHeight;
    if (isSeen || run.some((row) => row.contains(document.activeElement)) || !run.some((row) => row.matches(".mention"))) return;
    putAway(run);
  }
}

// What happens to a row that is away happens to its text; false where it is not away.
function changeAway(id, change) {
  for (const [space, kept] of away) {
    if (!kept.ids.has(id)) continue;
    const rows = opened(kept.html);
    change(rows.getElementById(id));
    away.set(space, { html: written(rows.children), ids: new Set([...rows.querySelectorAll(".mention")].map((row) => row.id)) });
    return true;
  }
  return false;
}

const watching = new IntersectionObserver((entries) => {
  const spaces = entries.filter((entry) => entry.isIntersecting && away.has(entry.target)).map((entry) => entry.target);
  spaces.forEach(bringBack);
  if (spaces.length) lighten(document.getElementById("stream"));
}, { rootMargin: "1200px" });

document.addEventListener("htmx:afterSettle", () => {
  const list = document.getElementById("stream");
  if (list) lighten(list);
});
