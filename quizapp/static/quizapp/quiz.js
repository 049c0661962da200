/** The time that is left, counted down, and said aloud seldom; what is folded up is opened for paper. */

const SAID_AT = new Map([
  [300, "5 minutes left."],
  [60, "1 minute left."],
  [0, "The time is up."],
]);

function words(seconds) {
  if (seconds <= 0) return "The time is up";
  const rest = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${rest} left`;
}

function countDown(clock) {
  const end = Date.now() + Number(clock.dataset.seconds) * 1000;
  const left = clock.querySelector("[data-left]");
  const announce = clock.querySelector("[data-announce]");
  const tick = () => {
    if (!clock.isConnected) return clearInterval(timer);
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    left.textContent = words(seconds);
    if (SAID_AT.has(seconds)) announce.textContent = SAID_AT.get(seconds);
    if (seconds === 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

document.addEventListener("htmx:load", ({ target }) => {
  for (const clock of target.querySelectorAll("[data-seconds]")) countDown(clock);
});

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".quiz-right:not([open])")) folded.open = true;
});
