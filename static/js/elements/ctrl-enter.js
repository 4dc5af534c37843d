// Ctrl Enter in a text of a form sends the form; Enter that ends a conversion does not.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isComposing(event)) return;
  const text = event.target.closest("form textarea");
  if (!text || text.closest("inline-edit")) return;
  event.preventDefault();
  text.form.requestSubmit();
});
