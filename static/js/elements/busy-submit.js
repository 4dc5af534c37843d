// A form that was sent says so on its button, and cannot be sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  event.submitter?.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("data-sent", "");
});

// Back from the next page: the buttons work again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll('button[aria-busy="true"][data-sent]')) button.removeAttribute("aria-busy");
});
