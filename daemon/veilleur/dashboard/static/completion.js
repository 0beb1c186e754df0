// Completion: the server knows the fields and their values, the list is a combobox as WAI-ARIA has it.
"use strict";

const field = document.getElementById("q");
const list = document.getElementById("completions");
let asked = 0;
let came = 0;

function closeList() {
  came = ++asked; // an answer still on its way must not open it again
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(option) {
  const { start, end, insert } = option.dataset;
  // what was typed since the list came belongs to the word that it completes
  const typed = field.value === list.dataset.completes ? end : field.selectionStart;
  field.value = field.value.slice(0, start) + insert + field.value.slice(typed);
  const caret = Number(start) + insert.length;
  field.focus();
  field.setSelectionRange(caret, caret);
  closeList();
  if (insert.endsWith(":")) complete();
}

function mark(option) {
  came = ++asked; // an answer still on its way must not take the list away from under the choice
  list.querySelector("[aria-selected='true']")?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

async function complete() {
  const turn = ++asked;
  const completes = field.value;
  const query = new URLSearchParams({ q: completes, at: field.selectionStart });
  const answer = await fetch(`/stream/completions?${query}`, { headers: { "HX-Request": "true" } });
  const text = await answer.text();
  if (turn !== asked || !answer.ok) return;
  came = turn;
  const parsed = new DOMParser().parseFromString(text, "text/html");
  list.dataset.completes = completes;
  list.replaceChildren(...[...parsed.querySelectorAll("li")].map((one) => document.importNode(one, true)));
  list.hidden = !list.children.length || document.activeElement !== field;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

field.addEventListener("input", complete);
field.addEventListener("focus", complete);
field.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== field) closeList(); }, 150));
list.addEventListener("mousedown", (event) => {
  const option = event.target.closest("li");
  if (option) { event.preventDefault(); choose(option); }
});
field.addEventListener("keydown", (event) => {
  const options = [...list.children];
  const here = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const isComing = event.key === "Escape" && came !== asked; // a search field would be emptied by the key
  if (list.hidden && !isComing) { if (event.key === "ArrowDown") complete(); return; }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(options[(here + step + options.length) % options.length] || options[0]);
  } else if ((event.key === "Enter" || event.key === "Tab") && here >= 0) {
    event.preventDefault();
    choose(options[here]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    closeList();
  }
});
document.querySelector("[data-go-to]")?.addEventListener("click", (event) => {
  const column = Number(event.currentTarget.dataset.goTo) - 1;
  field.focus();
  field.setSelectionRange(column, field.value.length);
});
