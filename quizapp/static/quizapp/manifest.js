/** A textarea for YAML: line numbers, a Tab that indents, an Enter that keeps the indentation. */

const INDENT = "  ";

/** Replaces the selection as typing would, so that undo works. */
function type(field, text) {
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function startOfLine(field, position) {
  return field.value.lastIndexOf("\n", position - 1) + 1;
}

/** Changes every selected line, and keeps these lines selected. */
function changeLines(field, change) {
  const start = startOfLine(field, field.selectionStart);
  const end = field.selectionEnd;
  const isRange = field.selectionStart !== end;
  const before = field.value.slice(start, end);
  const rest = field.value.length - end;
  const after = before.split("\n").map(change).join("\n");
  field.setSelectionRange(start, end);
  if (after !== before) type(field, after);
  const newEnd = field.value.length - rest;
  field.setSelectionRange(isRange ? start : newEnd, newEnd);
}

function indent(field) {
  const hasLines = field.value.slice(field.selectionStart, field.selectionEnd).includes("\n");
  if (hasLines) changeLines(field, (line) => line && INDENT + line);
  else type(field, INDENT);
}

function breakLine(field) {
  const line = field.value.slice(startOfLine(field, field.selectionStart), field.selectionStart);
  type(field, "\n" + line.match(/^ */)[0]);
}

function enhance(editor) {
  const field = editor.querySelector("textarea");
  const gutter = document.createElement("div");
  gutter.className = "gutter";
  gutter.ariaHidden = "true";
  editor.prepend(gutter);
  let tabLeaves = false;

  function number() {
    const count = field.value.split("\n").length;
    gutter.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
    field.rows = Math.min(Math.max(count + 1, 8), 28);
    gutter.scrollTop = field.scrollTop;
  }

  field.addEventListener("input", number);
  field.addEventListener("scroll", () => (gutter.scrollTop = field.scrollTop));
  field.addEventListener("blur", () => (tabLeaves = false));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") tabLeaves = true;
    if (event.key === "Tab" && !tabLeaves) {
      event.preventDefault();
      if (event.shiftKey) changeLines(field, (line) => line.replace(/^ {1,2}/, ""));
      else indent(field);
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      breakLine(field);
    }
  });
  number();
}

document.addEventListener("htmx:load", ({ target }) => {
  target.querySelectorAll("[data-editor]").forEach(enhance);
});
