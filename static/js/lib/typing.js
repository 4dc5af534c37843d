// Keys that belong to a person writing: inside a field, or while a Japanese conversion is open.
const isComposing = (event) => event.isComposing || event.keyCode === 229;

const WRITES = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select';

function isTyping(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  return isComposing(event) || target.isContentEditable || Boolean(target.closest(WRITES));
}
