/** What every page needs: the time zone, title and focus after a swap, a word when a request fails. */

const main = document.getElementById("main");
const NO_CONNECTION = "No connection. Your response is still here: try again.";
const FAILED = "That did not work. Your response is still here: try again, or reload the page.";

function tell(sentence) {
  const problem = document.getElementById("problem");
  if (!problem) return;
  const text = document.createElement("p");
  text.textContent = sentence;
  problem.replaceChildren(text);
  problem.scrollIntoView({ block: "center" });
}

function afterNewContent() {
  document.title = main.querySelector("[data-title]")?.dataset.title ?? document.title;
  if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
}

function afterFlag(notice) {
  const flag = document.querySelector(".flag[open]");
  flag?.removeAttribute("open");
  flag?.querySelector("summary").focus();
  notice.scrollIntoView({ block: "center" });
}

document.addEventListener("htmx:load", ({ target }) => {
  for (const field of target.querySelectorAll("input[name=timezone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
});

document.addEventListener("htmx:beforeRequest", () => {
  main.ariaBusy = "true";
});
document.addEventListener("htmx:afterRequest", () => {
  main.ariaBusy = "false";
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target === main) afterNewContent();
  if (target.id === "problem") target.scrollIntoView({ block: "center" });
  if (target.id === "notice") afterFlag(target);
});

document.addEventListener("htmx:sendError", () => tell(NO_CONNECTION));
document.addEventListener("htmx:timeout", () => tell(NO_CONNECTION));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { verb, path } = detail.requestConfig;
  if (verb === "get") location.assign(path);
  else tell(FAILED);
});
