// Around a box that ticks something off: it is ticked at once, and unticked again when the server did not agree.
class TickOff extends HTMLElement {
  connectedCallback() {
    for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
      this.addEventListener(failure, ({ target }) => {
        target.checked = !target.checked;
      });
    }
  }
}

customElements.define("tick-off", TickOff);
