/** What every page needs: the time zone, title and focus after a swap, a word when a request fails. */

const main = document.getElementById("main");
const NO_CONNECTION = "No connection. Your response is still here: try again.";
const FAILED = "That did not work. Your response is still here: try again, or reload the page.";

/** The card in a text that something stands in: it speaks for itself, and the page stays as it is. */
const cardOf = (element) => element.closest("[data-own-keys]");

function tell(sentence, element = main) {
  const problem = cardOf(element)?.querySelector(".problem") ?? document.getElementById("problem");
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

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target === main) main.ariaBusy = "true";
});
document.addEventListener("htmx:afterRequest", () => {
  main.ariaBusy = "false";
});

/** What only fills a card or notes a place fails without a word: the page is as good as before. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, requestConfig, xhr } = event.detail;
  const isQuiet = elt.matches("[hx-trigger='intersect once']");
  if (xhr.status < 400 || xhr.status === 422 || !(isQuiet || cardOf(elt))) return;
  event.preventDefault();
  if (!isQuiet && requestConfig.verb === "post") tell(FAILED, elt);
});

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (target === main) afterNewContent();
  if (target.matches("[data-own-keys]") && detail.requestConfig.elt !== target) {
    target.querySelector("h3")?.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }
  if (target.matches(".problem")) target.scrollIntoView({ block: "center" });
  if (target.id === "notice") afterFlag(target);
});

document.addEventListener("htmx:sendError", ({ target }) => tell(NO_CONNECTION, target));
document.addEventListener("htmx:timeout", ({ target }) => tell(NO_CONNECTION, target));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { verb, path } = detail.requestConfig;
  if (verb === "get") location.assign(path);
  else tell(FAILED);
});
