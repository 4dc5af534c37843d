// A thin bar while htmx waits longer than 300 ms.
class BusyBar extends HTMLElement {
  connectedCallback() {
    this.waiting = new Set();
    document.addEventListener("htmx:beforeRequest", (event) => {
      this.waiting.add(event.detail.xhr);
      setTimeout(() => this.toggleAttribute("data-busy", this.waiting.size > 0), 300);
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      this.waiting.delete(event.detail.xhr);
      if (this.waiting.size === 0) this.removeAttribute("data-busy");
    });
  }
}

customElements.define("busy-bar", BusyBar);
