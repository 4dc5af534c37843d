// A form that was sent says so on its button, and cannot be sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  event.submitter?.setAttribute("aria-busy", "true");
  // Still here after a while: the answer was a file, or the way back was taken.
  setTimeout(() => event.submitter?.removeAttribute("aria-busy"), 10_000);
});
