/** Putting steps in order: by drag, by buttons, and by arrow keys on the handle. */

function enhance(root) {
  const list = root.querySelector("ol");
  const status = root.querySelector("[data-ordering-status]");
  const rows = () => [...list.children];

  function renumber() {
    rows().forEach((row, index) => {
      row.querySelector("select").value = index + 1;
    });
  }

  function tellPlace(row) {
    status.textContent = `Moved to place ${rows().indexOf(row) + 1} of ${rows().length}`;
  }

  function move(row, step) {
    if (step < 0) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    renumber();
    tellPlace(row);
  }

  function moveByControl(control, step) {
    move(control.closest("li"), step);
    control.focus();
  }

  /** Follows the pointer; neighbours make room, so the dragged row itself never leaves the page. */
  function drag(handle, start) {
    const row = handle.closest("li");
    let origin = start.clientY;
    row.classList.add("is-dragged");
    handle.setPointerCapture(start.pointerId);

    function makeRoom(neighbour, isAbove) {
      const before = row.offsetTop;
      if (isAbove) row.after(neighbour);
      else row.before(neighbour);
      origin += row.offsetTop - before;
    }

    function follow({ clientY }) {
      const above = row.previousElementSibling;
      const below = row.nextElementSibling;
      const shift = clientY - origin;
      if (above && shift < -above.offsetHeight / 2) makeRoom(above, true);
      else if (below && shift > below.offsetHeight / 2) makeRoom(below, false);
      row.style.translate = `0 ${clientY - origin}px`;
    }

    function drop() {
      handle.removeEventListener("pointermove", follow);
      row.classList.remove("is-dragged");
      row.style.translate = "";
      renumber();
      tellPlace(row);
    }

    handle.addEventListener("pointermove", follow);
    handle.addEventListener("lostpointercapture", drop, { once: true });
  }

  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".step-handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    drag(handle, event);
  });

  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-move]");
    if (button) moveByControl(button, button.dataset.move === "up" ? -1 : 1);
  });

  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const control = event.target.closest("button");
    if (!step || !control) return;
    event.preventDefault();
    moveByControl(control, step);
  });

  const places = (row) => Number(row.querySelector("select").value);
  list.append(...rows().sort((one, other) => places(one) - places(other)));
  renumber();
  for (const button of list.querySelectorAll("button")) button.hidden = false;
  root.classList.add("is-enhanced");
}

document.addEventListener("htmx:load", ({ target }) => {
  target.querySelectorAll("[data-ordering]").forEach(enhance);
});
