// What the page has not saved yet. Editors report their state here; <save-state> says the most urgent one in words.
const URGENCY = ["conflict", "error", "offline", "refused", "saving", "dirty", "saved"];
const NEEDS_SOMEBODY = new Set(["conflict", "error", "offline", "refused"]);
const editors = new Map();

// `words` replaces the standard sentence of the state.
function reportState(editor, state, words = null) {
  if (state) editors.set(editor, { state, words });
  else editors.delete(editor);
  document.dispatchEvent(new CustomEvent("saving"));
}

function pageState() {
  const reports = [...editors.values()];
  const urgent = URGENCY.find((state) => reports.some((report) => report.state === state));
  return reports.findLast((report) => report.state === urgent) ?? null;
}

const statesOf = (reports) => new Set(reports.map(([, report]) => report.state));
const isUnsaved = () => !statesOf([...editors]).isSubsetOf(new Set(["saved"]));

// Fields that save by themselves, and are about to.
function isUnderWay() {
  const states = statesOf([...editors].filter(([editor]) => editor.save));
  return states.has("dirty") || states.has("saving");
}

// Goes to another page as soon as everything typed is saved; stays where something needs the person.
async function leaveTo(url) {
  for (const editor of editors.keys()) editor.save?.();
  while (isUnderWay()) await new Promise((told) => document.addEventListener("saving", told, { once: true }));
  if (statesOf([...editors]).isDisjointFrom(NEEDS_SOMEBODY)) location.assign(url);
}

// Leaving a field saves it; the link that was clicked for it waits for the answer.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented || !isUnderWay()) return;
  if (link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  leaveTo(link.href);
});

addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});
