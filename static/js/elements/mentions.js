// A button with data-mentions="佐伯 美咲" writes @佐伯 美咲 where the form's text was being written.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mentions]");
  const text = button?.form?.querySelector("textarea") ?? button?.closest("form")?.querySelector("textarea");
  if (!text) return;
  const at = text.selectionStart ?? text.value.length;
  const before = text.value.slice(0, at);
  const space = before && !/\s$/.test(before) ? " " : "";
  text.setRangeText(`${space}@${button.dataset.mentions} `, at, text.selectionEnd ?? at, "end");
  button.closest("details")?.removeAttribute("open");
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
