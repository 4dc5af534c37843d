// The empty last row of a list: Enter adds what was typed, and the row is empty again for the next one.
//
//   <tr data-adds><td><quick-add data-url><input></quick-add></td></tr>
//
// The new row arrives before [data-adds]. Enter that ends a conversion only ends the conversion. What could not be
// added comes back into the field, and the same text again is the same attempt, so nothing is added twice.
class QuickAdd extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input");
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("input", () => this.onInput());
  }

  disconnectedCallback() {
    reportState(this, null);
  }

  onKey(event) {
    if (event.key !== "Enter" || isComposing(event)) return;
    event.preventDefault();
    this.add();
  }

  onInput() {
    this.message?.remove();
    this.input.removeAttribute("aria-invalid");
    reportState(this, this.input.value.trim() ? "dirty" : null);
  }

  // One after the other, in the order they were typed; typing goes on meanwhile.
  add() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    reportState(this, "saving");
    this.turn = (this.turn ?? Promise.resolve()).then(() => this.send(text));
  }

  async send(text) {
    const key = this.failed?.text === text ? this.failed.key : randomKey();
    this.failed = { text, key };
    try {
      const response = await postForm(this.dataset.url, { text }, { "Idempotency-Key": key });
      if (response.ok) this.receive(await response.text());
      else if (response.status === 409) this.ask(text, await response.text());
      else this.giveBack(text, response.status === 422 ? await response.text() : say(this.reason(response)));
    } catch {
      this.giveBack(text, say("no_answer"));
    }
  }

  reason({ status, type }) {
    if (type === "opaqueredirect" || status === 401) return "signed_out";
    if (status === 403) return "not_allowed";
    return status === 404 ? "not_found" : "server_error";
  }

  receive(html) {
    this.failed = null;
    htmx.swap(this.closest("[data-adds]"), html, { swapStyle: "beforebegin" });
    if (this.input.value) this.onInput();
    else reportState(this, "saved", say("saved", { time: new Date().toTimeString().slice(0, 5) }));
  }

  // There is no room for it yet: the answer is a question, and the text stays until that is decided.
  ask(text, html) {
    this.giveBack(text, say("no_room"));
    htmx.swap(this, html, { swapStyle: "none" });
  }

  // Something may have been typed meanwhile: it stays, after the text that came back.
  giveBack(text, reason) {
    this.input.value = [text, this.input.value].filter(Boolean).join(" ");
    this.onInput();
    this.message = document.createElement("p");
    this.message.className = "err";
    this.message.setAttribute("role", "alert");
    this.message.append(icon("warn"), reason);
    this.input.setAttribute("aria-invalid", "true");
    this.append(this.message);
  }
}

customElements.define("quick-add", QuickAdd);
