// Buttons that open a <dialog> by id: data-opens="id". Inside it, data-close closes. Menus close on a click elsewhere.
// A dialog that arrives with data-opens-itself is a question that the last step raised.
function openThemselves() {
  for (const dialog of document.querySelectorAll("dialog[data-opens-itself]:not([open])")) {
    dialog.removeAttribute("data-opens-itself");
    dialog.showModal();
  }
}

document.addEventListener("htmx:load", openThemselves);
openThemselves();

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
