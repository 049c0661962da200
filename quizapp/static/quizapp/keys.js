/** Keyboard shortcuts: a key clicks the control that is marked with it in data-key. */

const STORE = "quizapp.shortcuts";
const FIELDS = "textarea, select, input:not([type=radio], [type=checkbox])";
const NATIVE = "a[href], button, summary";

const areOn = () => localStorage.getItem(STORE) !== "off";

/** The name of the pressed key as data-key writes it, or null where the key is not for us. */
function pressed(event) {
  const { key, target } = event;
  const hasModifier = event.ctrlKey || event.metaKey;
  if (key === "Enter") {
    const isForField = target.matches(event.shiftKey ? "textarea" : FIELDS) && !hasModifier;
    if (event.altKey || isForField) return null;
    if (!event.shiftKey && !hasModifier && target.closest(NATIVE)) return null;
    return event.shiftKey ? "Shift+Enter" : "Enter";
  }
  if (hasModifier || event.altKey || key.length > 1 || !areOn()) return null;
  if (target.matches(FIELDS) || (key === " " && target.closest(NATIVE))) return null;
  return key.toLowerCase();
}

/** Within a card that keeps its keys to itself its own controls come first; elsewhere they are left alone. */
function controlFor(key, target) {
  const card = target.closest("[data-own-keys]");
  const marked = [...document.querySelectorAll("[data-key]")].filter(
    (control) => control.dataset.key === key && !control.disabled && control.checkVisibility(),
  );
  const of = (owner) => marked.find((control) => control.closest("[data-own-keys]") === owner);
  return (card && of(card)) ?? of(null);
}

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.isComposing || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const key = pressed(event);
  const control = key && controlFor(key, event.target);
  if (!control) return;
  const form = event.target.closest("form");
  if (key.endsWith("Enter") && form && !form.contains(control)) return;
  event.preventDefault();
  control.focus();
  control.click();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});

function showState() {
  document.documentElement.classList.toggle("has-shortcuts", areOn());
  for (const box of document.querySelectorAll("[data-shortcuts-switch]")) box.checked = areOn();
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-shortcuts-switch]")) return;
  localStorage.setItem(STORE, target.checked ? "on" : "off");
  showState();
});

showState();
