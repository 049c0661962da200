/** What every page needs: the time zone, the page's title, and a word when the network fails. */

const main = document.getElementById("main");
const NO_CONNECTION = "No connection. Your response is still here: try again.";
const FAILED = "Not saved. Try again: your response is still here.";

function tell(sentence) {
  const problem = document.getElementById("problem");
  if (!problem) return;
  const text = document.createElement("p");
  text.textContent = sentence;
  problem.replaceChildren(text);
  problem.scrollIntoView({ block: "center" });
}

document.addEventListener("htmx:load", ({ target }) => {
  for (const field of target.querySelectorAll("input[name=timezone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
});

document.addEventListener("htmx:beforeRequest", () => main.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", () => main.removeAttribute("aria-busy"));

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "problem") target.scrollIntoView({ block: "center" });
  if (target !== main) return;
  document.title = main.querySelector("[data-title]")?.dataset.title ?? document.title;
  if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
});

document.addEventListener("htmx:sendError", () => tell(NO_CONNECTION));
document.addEventListener("htmx:timeout", () => tell(NO_CONNECTION));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { verb, path } = detail.requestConfig;
  if (verb === "get") location.assign(path);
  else tell(FAILED);
});
