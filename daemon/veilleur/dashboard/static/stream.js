// The stream: new mentions as they arrive, and the keys j, k and Enter.
"use strict";

const stream = document.getElementById("stream");
const live = document.getElementById("live");
const arrived = document.getElementById("arrived");
const rows = stream?.getElementsByClassName("mention"); // live: asking for the first ones does not walk through all
const ROWS_A_TURN = 20;
const AGAIN_MS = 3000;
const coming = new Map(); // id → row: placed a few at a time, for a burst placed at once holds the page up
const waiting = new Map(); // id → row: arrived while somebody reads further down

function stateOf(name) {
  live.dataset.state = name;
  live.textContent = name === "on" ? live.dataset.live : live.dataset.lost;
}

function dayHeader(row) {
  const header = document.createElement("li");
  header.className = "day";
  header.dataset.day = row.dataset.day;
  const name = document.createElement("h2");
  name.textContent = row.dataset.dayName;
  header.append(name);
  return header;
}

function firstBelow(at) {
  for (const one of stream.children) if (one.dataset.at && Number(one.dataset.at) <= at) return one;
  return undefined;
}

function replace(known, row) {
  if (known.contains(document.activeElement)) {
    if (known.querySelector(".say")) return; // somebody is saying something of it: the answer brings it anew
    known.replaceWith(row);
    row.focus({ preventScroll: true });
  } else known.replaceWith(row);
}

function place(row) {
  const known = document.getElementById(row.id);
  if (known) { replace(known, row); return; }
  if (changeAway(row.id, (kept) => kept.replaceWith(row))) return;
  const at = Number(row.dataset.at);
  let after = firstBelow(at);
  while (after?.matches(".away")) { bringBack(after); after = firstBelow(at); }
  if (!after) {
    const rest = stream.querySelector(".more, .end");
    if (rest && rest.className === "more") return; // older than what is loaded: it comes with its page
    if (!stream.querySelector(`.day[data-day="${row.dataset.day}"]`)) stream.insertBefore(dayHeader(row), rest);
    stream.insertBefore(row, rest);
  } else if (after.dataset.day === row.dataset.day) {
    after.before(row);
  } else {
    const header = stream.querySelector(`.day[data-day="${after.dataset.day}"]`) ?? after;
    if (!stream.querySelector(`.day[data-day="${row.dataset.day}"]`)) header.before(dayHeader(row));
    header.before(row);
  }
  row.classList.add("is-new");
  if (stream.dataset.most) while (rows.length > Number(stream.dataset.most)) rows[rows.length - 1].remove();
  if (stream.previousElementSibling?.matches(".empty")) stream.previousElementSibling.remove();
}

function placeSome() {
  const now = [...coming.values()].slice(0, document.hidden ? coming.size : ROWS_A_TURN);
  for (const row of now) { coming.delete(row.id); place(row); }
  if (coming.size) setTimeout(placeSome);
}

function placeSoon(rows) {
  const isUnderWay = coming.size > 0;
  for (const row of rows) coming.set(row.id, row);
  if (!isUnderWay) placeSome();
}

function showWaiting() {
  const rows = [...waiting.values()].reverse();
  waiting.clear();
  tellWaiting();
  placeSoon(rows);
}

function tellWaiting() {
  arrived.hidden = waiting.size === 0;
  if (arrived.hidden) return; // the wall has no words for it
  const button = arrived.querySelector("button");
  button.textContent = waiting.size === 1 ? button.dataset.one : button.dataset.many.replace("#", waiting.size);
}

function take(rows) {
  const isAtTop = scrollY < 120; // asked once: each answer after a change lays the whole page out anew
  const isSoon = (row) => isAtTop || coming.has(row.id) || document.getElementById(row.id);
  for (const row of rows) waiting.delete(row.id); // it stands otherwise now
  for (const row of rows) if (!isSoon(row)) waiting.set(row.id, row);
  placeSoon(rows.filter((row) => !waiting.has(row.id)));
  tellWaiting();
}

function forget(mention) {
  const id = `m-${mention}`;
  coming.delete(id);
  if (waiting.delete(id)) tellWaiting();
  if (!changeAway(id, (kept) => kept.remove())) document.getElementById(id)?.remove();
}

function follow() {
  const source = new EventSource(`/stream/live?${new URLSearchParams({ q: stream.dataset.query, after: stream.dataset.cursor })}`);
  source.onopen = () => stateOf("on");
  source.onerror = () => {
    stateOf("lost");
    // The browser tries again where it was cut off, and never after an answer that is no line: a 503, a proxy's 502.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN_MS);
  };
  source.addEventListener("reset", () => location.reload());
  source.addEventListener("fresh", (event) => {
    const fresh = document.getElementById("fresh");
    fresh.textContent = event.data;
  });
  source.addEventListener("erased", (event) => forget(event.data));
  source.addEventListener("mentions", (event) => {
    stream.dataset.cursor = event.lastEventId;
    const parsed = new DOMParser().parseFromString(`<ol>${event.data}</ol>`, "text/html");
    take([...parsed.querySelectorAll(".mention")].map((row) => document.importNode(row, true)));
  });
}

if (stream && stream.dataset.cursor) {
  follow();
  arrived.querySelector("button").addEventListener("click", () => { scrollTo({ top: 0 }); showWaiting(); });
  addEventListener("scroll", () => { if (scrollY < 60 && waiting.size) showWaiting(); }, { passive: true });
}

document.addEventListener("htmx:afterSwap", (event) => {
  const copy = document.querySelector("[data-copy='choices']");
  if (copy && event.target.id === "choices") copy.replaceChildren(...[...event.target.cloneNode(true).childNodes]);
});

function neighbour(row, way) {
  let next = row[way];
  while (next && !next.matches(".mention")) {
    if (next.matches(".away")) { bringBack(next); next = row[way]; } else next = next[way];
  }
  return next;
}

document.addEventListener("keydown", (event) => {
  if (!stream || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, button, summary, dialog")) return;
  const here = event.target.closest(".mention");
  const way = { j: "nextElementSibling", k: "previousElementSibling" }[event.key];
  if (way && localStorage.keys !== "off") {
    const next = here ? neighbour(here, way) : rows[0];
    if (next) { event.preventDefault(); next.focus(); }
  }
  if (event.key === "Enter" && event.target === here) location.href = here.querySelector(".when").href;
});
