// Qualification in the stream: one key or button each, the row comes back as it stands then, and each can be undone.
"use strict";

const sayKeys = { p: "positive", n: "negative", e: "neutral", m: "mixed", o: "off_topic", t: "treated" };
const buttons = document.getElementById("say");
const tagDialog = document.getElementById("tag-dialog");
const keysDialog = document.getElementById("keys-dialog");
const keysOn = document.getElementById("keys-on");
const toast = document.getElementById("toast");
let lastAct;
let turn = Promise.resolve();

// One after another, for answers may overtake each other: an older one would show what stands no more.
function inTurn(act) {
  turn = turn.finally(act);
  return turn;
}

function tell(words, act) {
  lastAct = act;
  toast.firstElementChild.textContent = words;
  toast.querySelector("button").hidden = !act;
  toast.hidden = false;
}

async function send(row, path, fields) {
  let answer;
  try {
    answer = await fetch(`/mentions/${row.id.slice(2)}/qualification${path}`, {
      method: "POST", body: new URLSearchParams({ csrf: document.body.dataset.csrf, ...fields }), headers: { "HX-Request": "true" },
    });
  } catch { tell(toast.dataset.failed); return undefined; }
  if (answer.headers.has("HX-Redirect")) { location.href = answer.headers.get("HX-Redirect"); return undefined; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".mention");
  if (!fresh) { tell(page.querySelector("p[role='alert']")?.textContent ?? toast.dataset.failed); return undefined; }
  const now = document.importNode(fresh, true);
  const stood = document.getElementById(row.id) ?? row;
  const has = stood.contains(document.activeElement) || document.activeElement === document.body; // they may have gone on
  stood.replaceWith(now);
  if (has) now.focus({ preventScroll: true });
  return { row: now, act: answer.headers.get("X-Veilleur-Act") };
}

async function sayNow(row, fields) {
  const done = await send(row, "", fields);
  if (!done) return;
  const stands = [...done.row.querySelectorAll(".note.is-said")].map((one) => one.textContent.trim()).join(" · ");
  tell(done.act ? `${toast.dataset.said} ${stands}` : toast.dataset.same, done.act && { id: done.row.id, act: done.act });
}

async function undoNow() {
  const row = lastAct && document.getElementById(lastAct.id);
  if (row && await send(row, `/${lastAct.act}/undo`, {})) tell(toast.dataset.undone);
}

const say = (row, fields) => inTurn(() => sayNow(row, fields));
const undo = () => inTurn(undoNow);

function askTags(row) {
  const tags = tagDialog.querySelector("input");
  tags.value = row.dataset.tags ? `${row.dataset.tags} ` : "";
  tagDialog.returnValue = "";
  tagDialog.showModal();
  tagDialog.onclose = () => {
    const now = document.getElementById(row.id) ?? row; // the live line may have brought it anew meanwhile
    now.focus({ preventScroll: true });
    if (tagDialog.returnValue === "keep") say(now, { tags: tags.value, shown: row.dataset.tags ?? "" });
  };
}

function openButtons(row) {
  const open = row.querySelector(".say");
  document.querySelectorAll(".mention .say").forEach((one) => one.remove());
  document.querySelectorAll(".say-open[aria-expanded='true']").forEach((one) => one.setAttribute("aria-expanded", "false"));
  if (open) return;
  row.querySelector(".said").append(buttons.content.cloneNode(true));
  row.querySelector(".say-open").setAttribute("aria-expanded", "true");
  row.dataset.stands.split(" ").forEach((one) => row.querySelector(`[data-say="${one}"]`)?.setAttribute("aria-pressed", "true"));
}

if (buttons) {
  keysOn.checked = localStorage.keys !== "off";
  keysOn.addEventListener("change", () => { localStorage.keys = keysOn.checked ? "on" : "off"; });
  toast.querySelector("button").addEventListener("click", undo);
  document.getElementById("show-keys")?.addEventListener("click", () => keysDialog.showModal());
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".mention");
    if (!row) return;
    const button = event.target.closest("button");
    if (button?.matches(".say-open")) openButtons(row);
    else if (button?.dataset.say) say(row, { say: button.dataset.say });
    else if (button && "tags" in button.dataset) askTags(row);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    if (event.key === "?") { event.preventDefault(); keysDialog.showModal(); return; }
    if (!keysOn.checked) return;
    const row = event.target.closest(".mention");
    if (event.key === "u") undo();
    else if (row && sayKeys[event.key]) say(row, { say: sayKeys[event.key] });
    else if (row && event.key === "#") { event.preventDefault(); askTags(row); }
  });
}
