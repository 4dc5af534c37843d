/* Says why a passkey was not accepted: allauth's script tells the document, people read it here. */
customElements.define(
  "passkey-notice",
  class extends HTMLElement {
    connectedCallback() {
      this.heard = (event) => {
        event.preventDefault();
        const cancelled = event.detail.exception?.name === "NotAllowedError";
        this.textContent = cancelled ? this.dataset.cancelled : this.dataset.unknown;
        this.hidden = false;
      };
      document.addEventListener("allauth.error", this.heard);
    }

    disconnectedCallback() {
      document.removeEventListener("allauth.error", this.heard);
    }
  },
);
