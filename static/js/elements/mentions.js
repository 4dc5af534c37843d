// A button with data-mentions="佐伯 美咲" writes @佐伯 美咲 where the form's text was being written. Whoever types @ gets the
// menu of those buttons, narrowed to what follows; ↓ goes into it, Esc leaves it.
//
// In a list of forms with data-calls one menu (#calls) serves all: it stands in the form that is being written.
const CALL = /[@＠]([^@＠\s]*)$/;

const textOf = (inside) => inside.closest("form")?.querySelector("textarea");
const menuOf = (form) => form?.querySelector("details.menu:has([data-mentions])");
const plainName = (name) => name.replace(/\s/g, "");

document.addEventListener("focusin", (event) => {
  const form = event.target.closest?.("form[data-calls]");
  const menu = form && document.getElementById("calls");
  if (menu && !form.contains(menu)) form.querySelector(".acts").prepend(menu);
});

document.addEventListener("input", (event) => {
  const text = event.target;
  const menu = text.matches?.("form textarea") && menuOf(text.form);
  if (!menu) return;
  const typed = called(text);
  const names = [...menu.querySelectorAll("[data-mentions]")];
  for (const name of names) name.hidden = typed !== null && !plainName(name.dataset.mentions).includes(typed);
  if (typed !== null) menu.open = names.some((name) => !name.hidden);
  else if (menu.hasAttribute("data-typed")) menu.open = false;
  menu.toggleAttribute("data-typed", typed !== null);
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("[data-mentions]");
  if (isComposing(event) || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  const menu = button ? button.closest("details") : event.target.matches?.("form textarea") && menuOf(event.target.form);
  if (!menu?.open) return;
  event.preventDefault();
  if (event.key === "Escape") return leave(menu);
  const names = [...menu.querySelectorAll("[data-mentions]:not([hidden])")];
  const next = names[names.indexOf(button) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) next.focus();
  else if (button) textOf(button).focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mentions]");
  const text = button && textOf(button);
  if (!text) return;
  const typed = called(text);
  const end = text.selectionEnd ?? text.value.length;
  const at = typed === null ? (text.selectionStart ?? end) : end - typed.length - 1;
  const before = text.value.slice(0, at);
  const space = before && !/\s$/.test(before) ? " " : "";
  text.setRangeText(`${space}@${button.dataset.mentions} `, at, end, "end");
  leave(button.closest("details"));
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

// What stands between an @ and the caret; null where none does.
function called(text) {
  if (text.selectionStart !== text.selectionEnd) return null;
  const found = CALL.exec(text.value.slice(0, text.selectionEnd));
  return found && found[1];
}

function leave(menu) {
  menu.open = false;
  textOf(menu).focus();
}
