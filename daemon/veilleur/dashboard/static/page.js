// What every page does by itself: tells the server the browser's time zone, and closes the menu.
"use strict";

const body = document.body;
let hasBegun = false; // somebody types or points: what they do is not taken from under them
for (const begins of ["keydown", "pointerdown"]) addEventListener(begins, () => { hasBegun = true; }, { capture: true, once: true });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && zone !== body.dataset.zone) {
  const told = new URLSearchParams({ zone, csrf: body.dataset.csrf || "" });
  fetch("/preferences", { method: "POST", body: told, redirect: "manual" }).then(() => {
    // Times were written in another zone: once, and only where the page shows any.
    if (body.dataset.csrf && sessionStorage.zoneTold !== zone && !hasBegun) {
      sessionStorage.zoneTold = zone;
      location.reload();
    }
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape") document.querySelector(".account[open]")?.removeAttribute("open");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector(".search input");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});
document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copies]");
  if (copy) {
    document.getElementById(copy.dataset.copies).select();
    // The clipboard's own interface is there over TLS and on this machine alone.
    if (document.execCommand("copy")) copy.textContent = copy.dataset.done;
  }

  const menu = document.querySelector(".account[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
});
