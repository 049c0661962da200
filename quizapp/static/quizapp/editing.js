"use strict";
/** A field above a long list of facts that leaves those in the list which hold the words typed. */

const LONG = 15;

function searchable(select) {
  const found = select.previousElementSibling;
  if (found?.matches(".edit-find") || select.options.length < LONG) return;
  const search = document.createElement("input");
  search.type = "search";
  search.className = "text-input edit-find";
  search.placeholder = "Find a fact";
  search.ariaLabel = "Find a fact by its words";
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of select.options) {
      const text = `${option.value} ${option.text}`.toLowerCase();
      option.hidden = !option.selected && !words.every((word) => text.includes(word));
    }
    for (const group of select.querySelectorAll("optgroup")) {
      group.hidden = [...group.children].every((option) => option.hidden);
    }
  });
  select.before(search);
}

document.addEventListener("htmx:load", ({ target }) => {
  for (const select of target.querySelectorAll("[data-rows=facts] select")) searchable(select);
});
