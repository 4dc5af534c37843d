// Shown while the browser has no connection.
class OfflineBar extends HTMLElement {
  connectedCallback() {
    const show = () => (this.hidden = navigator.onLine);
    addEventListener("online", show);
    addEventListener("offline", show);
    show();
  }
}

customElements.define("offline-bar", OfflineBar);
