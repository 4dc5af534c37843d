// In a form: what is typed there is kept on the server as a draft, a moment after the last key, and when the page goes.
//
//   <form> <note-draft data-url data-version><input type="hidden" name="draft" value="id"></note-draft> …
//     <span data-draft-state></span> </form>
//
// 409 means that another page has gone on with this draft, or that it was noted: then this page's text gets an id of
// its own, so that nothing is ever written over.
const DRAFT_AFTER = 800;
const DRAFT_AGAIN = [5, 15, 60];
const PAGE = randomKey();
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "idempotency_key", "then"]);
let drafted = 0;

class NoteDraft extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.id_ = this.querySelector("input");
    this.version = Number(this.dataset.version);
    this.kept = this.text();
    this.failures = 0;
    this.form.addEventListener("input", (event) => this.onInput(event));
    this.form.addEventListener("change", () => this.onInput());
    this.form.addEventListener("compositionend", () => this.onInput());
    this.form.addEventListener("htmx:beforeRequest", (event) => this.onSubmit(event));
    this.form.addEventListener("submit", () => this.rest());
    this.onHide = () => document.visibilityState === "hidden" && this.keep({ keepalive: true });
    document.addEventListener("visibilitychange", this.onHide);
    addEventListener("pagehide", this.onHide);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onHide);
    removeEventListener("pagehide", this.onHide);
    reportState(this, null);
  }

  fields() {
    const typed = [...new FormData(this.form)].filter(([name, value]) => !NOT_TYPED.has(name) && typeof value === "string");
    return [...typed, ["page", PAGE], ["version", this.version]];
  }

  text() {
    return JSON.stringify(this.fields().filter(([name]) => !["draft", "page", "version"].includes(name)));
  }

  onInput(event) {
    if (event?.isComposing) return;
    clearTimeout(this.timer);
    if (this.text() === this.kept) return;
    this.say("");
    this.timer = setTimeout(() => this.keep(), DRAFT_AFTER);
  }

  // The note itself is on its way: a draft that came after it would be a ghost.
  onSubmit(event) {
    if (event.target === this.form) this.rest();
  }

  rest() {
    clearTimeout(this.timer);
    this.resting = true;
    setTimeout(() => (this.resting = false), 3000);
  }

  async keep({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    const text = this.text();
    if (text === this.kept || this.resting || (this.busy && !keepalive)) return;
    this.busy = true;
    try {
      const body = new URLSearchParams([...this.fields(), ["seq", ++drafted]]);
      const headers = { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", Accept: "application/json" };
      const response = await fetch(this.dataset.url, { method: "POST", body, headers, keepalive: keepalive && body.toString().length < 60_000, redirect: "manual" });
      if (response.ok) this.accept(await response.json(), text);
      else if (response.status === 409) this.branch();
      else this.again(response.status >= 500 || response.status === 429);
    } catch {
      this.again(true);
    } finally {
      this.busy = false;
    }
    if (this.isConnected && this.failures === 0) this.onInput(); // typed meanwhile
  }

  accept({ version, saved_at: time }, text) {
    this.version = version;
    this.kept = text;
    this.failures = 0;
    reportState(this, null);
    this.say(say("draft_saved", { time }));
  }

  branch() {
    if (!this.isConnected || this.resting) return;
    this.id_.value = crypto.randomUUID?.() ?? randomKey().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    this.version = 0;
    this.say(say("draft_branched"));
    this.timer = setTimeout(() => this.keep(), 0);
  }

  again(soon) {
    if (!this.isConnected) return;
    const seconds = DRAFT_AGAIN[Math.min(this.failures++, DRAFT_AGAIN.length - 1)];
    reportState(this, "dirty");
    this.say(say("draft_waits"));
    if (soon) this.timer = setTimeout(() => this.keep(), seconds * 1000);
  }

  say(words) {
    this.form.querySelector("[data-draft-state]").textContent = words;
  }
}

customElements.define("note-draft", NoteDraft);
