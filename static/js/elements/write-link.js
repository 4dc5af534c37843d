// A link to a field of this page opens it for writing: <a href="#edit-criterion-…-target" data-writes>書く</a>
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-writes]");
  const there = link && document.getElementById(link.hash.slice(1));
  const control = there?.matches("input, textarea, select") ? there : there?.querySelector("input, textarea, select");
  if (!control) return;
  event.preventDefault();
  control.scrollIntoView({ block: "center", behavior: "instant" });
  control.focus({ preventScroll: true });
});
