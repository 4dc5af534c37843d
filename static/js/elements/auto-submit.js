// Around a form: choosing submits it at once, typing after a pause, never in the middle of a conversion.
const PAUSE = 300;

class AutoSubmit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", (event) => this.soon(event, event.target.matches("input[type=search], input[type=text]") ? PAUSE : 0));
    this.addEventListener("compositionend", (event) => this.soon(event, PAUSE));
  }

  soon(event, pause) {
    if (event.type === "input" && event.isComposing) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.querySelector("form").requestSubmit(), pause);
  }
}

customElements.define("auto-submit", AutoSubmit);
