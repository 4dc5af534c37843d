// One field, written where it is read. It saves by itself and loses nothing that was typed.
//
//   <inline-edit data-url data-field data-kind data-record data-version [data-hint] [data-formats]>
//     <input> <span class="face">as read at rest</span>
//   </inline-edit>
//
// The server decides: 200 saved; 409 somebody else changed this very field; 422 not a value; 403, 404 not yours or
// not there. Without an answer the same text is sent again. The text stays in the field through all of them.
const SAVE_AFTER = 800;
const RETRY_AFTER = [10, 30, 60];
const EDITOR = randomKey();
let sequence = 0;

class InlineEdit extends HTMLElement {
  connectedCallback() {
    if (this.record) return;
    this.control = this.querySelector("input, select, textarea");
    this.record = recordOf(this.dataset);
    this.acknowledged = this.value; // what the server last said stands there
    this.typedFor = null; // the text that the server turned into `acknowledged`
    this.attempt = null; // what was sent without a definite answer yet
    this.answered = sequence; // the last of what was sent whose outcome this field knows
    this.refused = null; // the text that the server did not take
    this.failures = 0;
    this.listen();
    this.fit();
    this.describe();
  }

  listen() {
    const { control } = this;
    const picks = control.matches("select, [type=checkbox], [type=radio]");
    control.addEventListener("compositionstart", () => this.onComposition(true));
    control.addEventListener("compositionend", () => this.onComposition(false));
    control.addEventListener("input", () => this.onInput());
    // A date changes with every digit of its year; only picking is final.
    control.addEventListener("change", () => (picks ? this.save() : this.onInput()));
    control.addEventListener("blur", () => this.onBlur());
    control.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("click", (event) => this.onKeep(event));
  }

  // Taken out by a swap: the same field in the new content carries on, else what is typed goes out from here.
  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      const heir = this.id && document.getElementById(this.id);
      if (heir instanceof InlineEdit && (this.isDirty || this.attempt || this.conflict)) this.handOver(heir);
      else this.save();
      if (this.state !== "saving") this.report(null);
    });
  }

  handOver(heir) {
    this.report(null);
    this.isRetired = true; // an answer still under way only tells the version
    clearTimeout(this.timer);
    clearTimeout(this.retryTimer);
    this.record.waiting.delete(this);
    heir.value = this.value;
    heir.answered = this.answered;
    if (this.conflict) heir.showConflict(this.conflict, this.theirs);
    else heir.onInput();
  }

  get value() {
    return this.control.type === "checkbox" ? String(this.control.checked) : this.control.value;
  }

  set value(text) {
    const { control } = this;
    if (control.type === "checkbox") control.checked = text === "true";
    else control.value = text;
    // A choice this page did not offer when it was drawn: a new colleague, say.
    if (control.tagName === "SELECT" && control.value !== text) control.add(new Option(this.display ?? text, text, true, true));
    this.fit();
    this.showBlank();
  }

  get isDirty() {
    return this.value !== this.acknowledged && this.value !== this.typedFor;
  }

  // ── Typing

  onComposition(open) {
    this.composing = open;
    if (open) clearTimeout(this.timer);
    else this.onInput();
  }

  onInput() {
    this.fit();
    this.showBlank();
    this.removeAttribute("data-face");
    clearTimeout(this.timer);
    if (this.composing || this.conflict) return;
    if (!this.isDirty && !this.attempt) return this.rest();
    if (this.state !== "saving") this.report("dirty");
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  onBlur() {
    if (this.value === this.typedFor) this.value = this.acknowledged;
    this.save();
    if (!this.isDirty) this.showFace();
  }

  onKey(event) {
    if (isComposing(event)) return;
    const saves = event.key === "Enter" && (event.ctrlKey || event.metaKey || this.control.tagName !== "TEXTAREA");
    if (saves) {
      event.preventDefault();
      this.refused = null;
      this.save();
    } else if (event.key === "Escape" && (this.isDirty || this.attempt) && !this.conflict) {
      event.stopPropagation();
      this.restore();
    }
  }

  restore() {
    clearTimeout(this.timer);
    this.value = this.acknowledged;
    // What was sent may have arrived: then the old value has to be sent after it.
    if (this.attempt) this.save();
    else this.rest();
  }

  rest() {
    this.refused = null;
    this.clearMessages();
    this.showFace();
    this.report(null);
  }

  // ── Saving

  save() {
    clearTimeout(this.timer);
    if (this.composing || this.conflict || this.value === this.refused) return;
    if (!this.isDirty && !this.attempt) return;
    clearTimeout(this.retryTimer);
    this.report("saving");
    saveInTurn(this.record, this);
  }

  async send() {
    const { value } = this;
    if (this.conflict || (!this.isDirty && !this.attempt)) return;
    // The same text again is the same attempt, so that the server can tell a repeat.
    if (this.attempt?.value !== value) this.attempt = { value, key: randomKey(), seq: ++sequence };
    this.clearMessages();
    try {
      await this.receive(await this.post(this.attempt), value);
    } catch {
      this.retryLater();
    }
  }

  post({ value, key, seq }) {
    const { url, field } = this.dataset;
    const { version } = this.record;
    const fields = { field, value, base: this.acknowledged, version, editor: EDITOR, seq, answered: this.answered };
    return postForm(url, fields, { "Idempotency-Key": key });
  }

  async receive(response, sent) {
    const { status } = response;
    if (response.ok) return this.accept(await response.json(), sent);
    if (status === 409 || status === 412) return this.disagree(await response.json());
    if (status === 422) return this.refuse((await response.json()).message, sent);
    if (status === 403) return this.refuse(say("forbidden"), sent);
    if (status === 404 || status === 410) return this.refuse(say("gone"), sent);
    if (status === 401 || response.type === "opaqueredirect") return this.refuse(say("signed_out"), sent);
    if (status >= 500 || status === 408 || status === 429) return this.retryLater();
    return this.refuse(say("refused_value"), sent);
  }

  // What was sent is stored now, or will never be.
  settle() {
    this.answered = this.attempt?.seq ?? this.answered;
    this.attempt = null;
  }

  accept({ version, value, display, saved_at: time, superseded }, sent) {
    noteVersion(this.record, version);
    if (this.isRetired) return;
    this.failures = 0;
    this.settle();
    this.refused = null;
    this.acknowledged = value ?? sent;
    this.typedFor = superseded ? null : sent;
    this.display = display;
    if (this.isDirty) {
      this.report("dirty");
      this.timer = setTimeout(() => this.save(), SAVE_AFTER);
      return;
    }
    if (document.activeElement !== this.control) {
      this.value = this.acknowledged;
      this.showFace();
    }
    this.report("saved", say("saved", { time }));
    this.dispatchEvent(new CustomEvent("inline-edit:saved", { bubbles: true }));
  }

  retryLater() {
    if (this.isRetired) return;
    const seconds = RETRY_AFTER[Math.min(this.failures, RETRY_AFTER.length - 1)];
    this.failures += 1;
    if (navigator.onLine) this.report("error", say("error", { seconds }));
    else this.report("offline");
    this.retryTimer = setTimeout(() => this.save(), seconds * 1000);
  }

  refuse(message, sent) {
    if (this.isRetired) return;
    this.settle();
    this.refused = sent;
    this.message = document.createElement("p");
    this.message.className = "err";
    this.message.setAttribute("role", "alert");
    this.message.append(icon("warn"), message ?? say("refused_value"));
    this.append(this.message);
    this.control.setAttribute("aria-invalid", "true");
    this.describe();
    this.report("refused");
    if (this.value !== sent) this.onInput();
  }

  // ── Two people, one field

  disagree({ html, theirs, version }) {
    if (this.isRetired) return;
    this.settle();
    const holder = document.createElement("template");
    holder.innerHTML = html; // our own template, escaped by the server
    const block = holder.content.firstElementChild;
    const mine = block.querySelector("[data-mine]");
    if (mine && this.control.tagName === "SELECT") mine.textContent = this.control.selectedOptions[0]?.text ?? "";
    this.showConflict(block, { value: String(theirs ?? ""), version });
  }

  showConflict(block, theirs) {
    this.conflict = block;
    this.theirs = theirs;
    this.append(block);
    this.control.classList.add("is-conflict");
    this.report("conflict");
  }

  onKeep(event) {
    const choice = event.target.closest("[data-keep]");
    if (!choice || !this.conflict) return;
    const typed = this.value;
    this.display = this.conflict.querySelector("[data-theirs]")?.textContent;
    this.acknowledged = this.theirs.value;
    this.typedFor = null;
    noteVersion(this.record, this.theirs.version);
    this.clearMessages();
    this.value = choice.dataset.keep === "mine" ? typed : this.acknowledged;
    this.control.focus();
    if (this.isDirty) this.save();
    else this.rest();
  }

  clearMessages() {
    this.conflict?.remove();
    this.message?.remove();
    this.conflict = this.message = null;
    this.control.classList.remove("is-conflict");
    this.control.removeAttribute("aria-invalid");
    this.describe();
  }

  // ── What is seen

  fit() {
    if (this.control.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
    this.control.style.blockSize = "auto";
    this.control.style.blockSize = `${this.control.scrollHeight + 2}px`;
  }

  showBlank() {
    const face = this.querySelector(".face");
    if (!face) return;
    this.toggleAttribute("data-empty", this.value === "");
    if (this.value === "") face.textContent = this.dataset.hint ?? "";
    this.describe();
  }

  // Read aloud after the name: what is wrong, or else the blank's question or the written form.
  describe() {
    const face = this.querySelector(".face");
    const says = this.message ?? ("empty" in this.dataset || "formats" in this.dataset ? face : null);
    if (!says) return this.control.removeAttribute("aria-describedby");
    says.id ||= `says-${randomKey()}`;
    this.control.setAttribute("aria-describedby", says.id);
  }

  // Figures and dates rest in their written form (3,840万円) over the control that holds what is typed.
  showFace() {
    const face = this.querySelector(".face");
    if (!face || !("formats" in this.dataset) || this.value === "") return;
    if (this.display !== undefined) face.textContent = this.display;
    this.toggleAttribute("data-face", face.textContent !== "");
  }

  report(state, words = null) {
    this.state = state;
    this.dataset.state = state ?? "";
    reportState(this, state, words);
  }
}

customElements.define("inline-edit", InlineEdit);

addEventListener("online", () => {
  for (const editor of document.querySelectorAll("inline-edit")) if (editor.attempt) editor.save();
});
