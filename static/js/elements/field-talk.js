// Comments beside the field they are about: a mark with their number, which opens the field's threads over the page.
// Ctrl Alt M, or the mark that a field shows while it is written, begins a thread there.
//
//   <field-talk data-word data-adds><dialog> <h2></h2> <div data-threads></div> </dialog></field-talk>
//
// The threads are those of the list (#plan-comments): they move into the dialog while it is open, so that what
// somebody has begun to write is there only once.
const PLACE = /^edit-(\w+)-([0-9a-f-]{36})-(\w+)$/;

class FieldTalk extends HTMLElement {
  connectedCallback() {
    if (this.dialog) return;
    this.dialog = this.querySelector("dialog");
    this.marks = new Map(); // by the id of their field
    this.gaps = []; // where the moved parts of the list stood
    this.left = new AbortController();
    const { signal } = this.left;
    document.addEventListener("htmx:load", (event) => this.onLoad(event), { signal });
    document.addEventListener("htmx:afterSwap", () => this.drawSoon(), { signal });
    document.addEventListener("focusin", (event) => this.offer(event.target.closest?.("inline-edit")), { signal });
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
    this.dialog.addEventListener("close", () => this.giveBack());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.draw();
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.left.abort());
  }

  get threads() {
    return [...document.querySelectorAll(".thread[data-at]")];
  }

  // A new list is ours only when htmx is done with it: forms that were moved before would not be sent by it.
  onLoad(event) {
    if (event.target.id === "plan-comments" && this.gaps.length) this.takeAnew();
    this.drawSoon();
  }

  // Many parts of the page may arrive at once.
  drawSoon() {
    this.soon ??= requestAnimationFrame(() => {
      this.soon = null;
      this.draw();
    });
  }

  draw() {
    if (this.gaps.some(([gap]) => !gap.isConnected)) return;
    for (const thread of this.threads) if (!thread.querySelector(".cm")) thread.remove();
    const places = Map.groupBy(this.threads, (thread) => thread.dataset.at);
    for (const [at, mark] of this.marks) if (!places.has(at) || !mark.isConnected) this.drop(at);
    for (const [at, threads] of places) this.mark(at, threads);
  }

  drop(at) {
    this.marks.get(at).remove();
    this.marks.delete(at);
  }

  mark(at, threads) {
    const field = document.getElementById(at);
    if (!field) return;
    const mark = this.marks.get(at) ?? this.button(at);
    const open = threads.filter((thread) => !("resolved" in thread.dataset));
    const count = (open.length ? open : threads).reduce((sum, thread) => sum + thread.querySelectorAll(".cm").length, 0);
    mark.dataset.state = open.length ? "open" : "resolved";
    mark.firstChild.textContent = count;
    mark.setAttribute("aria-label", `${threads[0].querySelector(".on").textContent}: ${this.dataset.word} ${count}`);
    if (field.nextElementSibling !== mark) field.after(mark);
    this.marks.set(at, mark);
    if (this.offered?.previousElementSibling === mark) this.offered.remove();
  }

  button(at) {
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = "talk";
    mark.append(document.createElement("span"));
    mark.addEventListener("click", () => this.open(at));
    return mark;
  }

  // The field that is being written shows where a comment on it begins; Tab goes on to the next field.
  offer(field) {
    if (field && this.offered?.previousElementSibling === field) return;
    this.offered?.remove();
    this.offered = null;
    if (!field || this.marks.has(field.id) || !this.choice(field.id)) return;
    this.offered = this.button(field.id);
    this.offered.dataset.state = "new";
    this.offered.tabIndex = -1;
    this.offered.setAttribute("aria-label", this.dataset.adds);
    this.offered.firstChild.append(icon("comment"));
    this.offered.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    field.after(this.offered);
  }

  onKey(event) {
    if (event.code !== "KeyM" || !event.ctrlKey || !event.altKey || isComposing(event)) return;
    const field = event.target.closest?.("inline-edit");
    if (!field || this.dialog.open || !this.choice(field.id)) return;
    event.preventDefault();
    this.open(field.id);
  }

  // The option of the form that names this field; none for who may not comment, or for what is no field of the plan.
  choice(at) {
    const [, kind, record, field] = PLACE.exec(at) ?? [];
    return kind && document.querySelector(`#cm-where option[value="${kind}:${record}:${field}"]`);
  }

  open(at) {
    this.at = at;
    const box = document.getElementById(at).getBoundingClientRect();
    this.dialog.style.setProperty("--x", `${box.left}px`);
    this.dialog.style.setProperty("--y", `${box.bottom}px`);
    this.take();
    this.dialog.showModal();
    if (!this.marks.has(at)) this.dialog.querySelector(".talk-new textarea")?.focus();
  }

  take() {
    const choice = this.choice(this.at);
    const own = this.threads.filter((thread) => thread.dataset.at === this.at);
    this.dialog.querySelector("h2").textContent =
      own[0]?.querySelector(".on").textContent ?? `${choice.parentElement.label} ${choice.textContent}`;
    const form = choice?.closest(".talk-new");
    if (form) {
      form.open = !own.length;
      choice.selected = true;
    }
    for (const part of [...own, ...(form ? [form] : [])]) {
      const gap = document.createComment("");
      part.replaceWith(gap);
      this.gaps.push([gap, part]);
      this.dialog.querySelector("[data-threads]").append(part);
    }
  }

  giveBack() {
    for (const [gap, part] of this.gaps.splice(0)) {
      if (gap.isConnected) gap.replaceWith(part);
      else part.remove();
    }
    this.drawSoon();
  }

  // The server has drawn the list anew: what stands in the dialog is older.
  takeAnew() {
    this.giveBack();
    if (this.dialog.open) this.take();
  }
}

customElements.define("field-talk", FieldTalk);
