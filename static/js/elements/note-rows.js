// One line per customer: a row whose note was saved steps back at once, without drawing the others anew under the
// hands of whoever is typing there.
class NoteRows extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-key]").addEventListener("click", () => this.querySelector("[name=text]")?.focus());
    this.addEventListener("htmx:afterRequest", (event) => this.onAnswer(event));
  }

  onAnswer({ detail }) {
    const row = detail.elt.closest("[data-row]");
    if (row && detail.successful && detail.requestConfig.verb === "post") row.toggleAttribute("data-done", true);
  }
}

customElements.define("note-rows", NoteRows);
