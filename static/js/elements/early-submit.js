// A form that was put into the page a moment ago and that htmx has not bound yet: it would go out as a GET with all
// that was typed in the address. It is bound now and sent the way it asks for.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("hx-post") || form.hasAttribute("method")) return;
  event.preventDefault();
  htmx.process(form);
  setTimeout(() => form.requestSubmit(event.submitter)); // a form that is being sent cannot be sent again
});
