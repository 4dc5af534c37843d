// What the page has not saved yet. Editors report their state here; <save-state> says the most urgent one in words.
const URGENCY = ["conflict", "error", "offline", "refused", "saving", "dirty", "saved"];
const QUIET = new Set(["saved"]);
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

addEventListener("beforeunload", (event) => {
  if ([...editors.values()].some((report) => !QUIET.has(report.state))) event.preventDefault();
});
