// Toasts: text and 元に戻す, for eight seconds, longer while hovered or focused. Z takes the newest back.
//
// The server says `HX-Trigger: {"toast": {"text": …, "undo": url}}`, or leaves messages for the next full page. A script
// may give a function to undo with.
const SHOWN_FOR = 8000;

class ToastDock extends HTMLElement {
  connectedCallback() {
    this.template = this.querySelector("template");
    for (const left of this.querySelectorAll(":scope > .toast")) {
      left.remove();
      this.show(left.dataset);
    }
    document.addEventListener("toast", (event) => this.show(event.detail));
    document.addEventListener("keydown", (event) => {
      if (event.key === "z" && !event.ctrlKey && !event.metaKey && !isTyping(event) && singleKeysOn()) this.undoNewest();
    });
  }

  show({ text, undo }) {
    const toast = this.template.content.firstElementChild.cloneNode(true);
    toast.querySelector("[data-says]").textContent = text;
    const button = toast.querySelector("[data-undoes]");
    button.hidden = !undo;
    button.addEventListener("click", () => this.undo(toast, undo));
    toast.querySelector("[data-close]").addEventListener("click", () => this.leave(toast));
    for (const kind of ["mouseenter", "focusin"]) toast.addEventListener(kind, () => clearTimeout(toast.timer));
    for (const kind of ["mouseleave", "focusout"]) toast.addEventListener(kind, () => this.startTimer(toast));
    this.append(toast);
    this.startTimer(toast);
  }

  startTimer(toast) {
    clearTimeout(toast.timer);
    toast.timer = setTimeout(() => this.leave(toast), SHOWN_FOR);
  }

  // Rows that were ticked off leave only now: listen with hx-trigger="toast-gone from:body".
  leave(toast) {
    clearTimeout(toast.timer);
    toast.remove();
    document.body.dispatchEvent(new CustomEvent("toast-gone"));
  }

  undoNewest() {
    const buttons = this.querySelectorAll(":scope > .toast [data-undoes]:not([hidden])");
    buttons[buttons.length - 1]?.click();
  }

  // Through htmx, so that the answer may refresh parts of the page (HX-Trigger, HX-Refresh).
  async undo(toast, url) {
    clearTimeout(toast.timer);
    toast.remove();
    if (typeof url === "function") await url();
    else await htmx.ajax("POST", url, { source: document.body, swap: "none" });
    document.body.dispatchEvent(new CustomEvent("toast-gone"));
  }
}

customElements.define("toast-dock", ToastDock);
