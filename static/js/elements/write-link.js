// A link to a field of this page opens it for writing: <a href="#edit-criterion-…-target" data-writes>書く</a>
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-writes]");
  const there = link && document.getElementById(link.hash.slice(1));
  if (there?.matches("details")) return unfold(there, event);
  const control = there?.matches("input, textarea, select") ? there : there?.querySelector("input, textarea, select");
  if (!control) return;
  event.preventDefault();
  control.scrollIntoView({ block: "center", behavior: "instant" });
  control.focus({ preventScroll: true });
});

// A link to a folded part unfolds it, on this page or coming from another one.
function unfold(part, event) {
  event?.preventDefault();
  part.open = true;
  part.scrollIntoView({ block: "start", behavior: "instant" });
  part.querySelector("summary")?.focus({ preventScroll: true });
}

document.addEventListener("DOMContentLoaded", () => {
  const part = location.hash && document.getElementById(location.hash.slice(1));
  if (part && part.matches("details")) unfold(part);
});
