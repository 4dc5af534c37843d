// Rows with a box each ([data-pick]), one for all ([data-all]), and a bar that appears while any is chosen ([data-bulk]
// with [data-count]). Shift chooses from the last box to this one.
class SelectRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("change", () => this.refresh());
    this.addEventListener("htmx:afterSettle", () => this.refresh());
    this.refresh();
  }

  get boxes() {
    return [...this.querySelectorAll("[data-pick]")];
  }

  onClick(event) {
    if (event.target.matches("[data-all]")) for (const box of this.boxes) box.checked = event.target.checked;
    if (event.target.matches("[data-unpick]")) for (const box of this.boxes) box.checked = false;
    if (event.target.matches("[data-pick]")) this.extend(event);
    this.refresh();
  }

  extend(event) {
    const { boxes } = this;
    const here = boxes.indexOf(event.target);
    const there = boxes.indexOf(this.last);
    if (event.shiftKey && there >= 0) {
      for (const box of boxes.slice(Math.min(here, there), Math.max(here, there) + 1)) box.checked = event.target.checked;
    }
    this.last = event.target;
  }

  refresh() {
    const { boxes } = this;
    const count = boxes.filter((box) => box.checked).length;
    const all = this.querySelector("[data-all]");
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    for (const bar of this.querySelectorAll("[data-bulk]")) bar.hidden = count === 0;
    for (const text of this.querySelectorAll("[data-count]")) text.textContent = say("selected", { count });
  }
}

customElements.define("select-rows", SelectRows);
