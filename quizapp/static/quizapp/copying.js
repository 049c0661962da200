/** A field to copy from: selected when it is reached, and copied by the button beside it. */

document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-select]")) target.select();
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  const said = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(field.value); // only there on HTTPS and localhost
    said.textContent = "Copied";
  } catch {
    field.focus();
    field.select();
    said.textContent = "Selected: copy it with your keyboard";
  }
});
