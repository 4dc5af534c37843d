// Says in words whether what was typed is saved: <save-state role="status"></save-state>
const ICONS = { saving: "sync", saved: "check", error: "warn", conflict: "warn", refused: "warn", offline: "cloud-off" };

class SaveState extends HTMLElement {
  connectedCallback() {
    const { time } = this.dataset;
    this.saved = time ? { state: "saved", words: say("saved", { time }) } : null;
    this.refresh = () => this.show(pageState());
    document.addEventListener("saving", this.refresh);
    this.refresh();
  }

  disconnectedCallback() {
    document.removeEventListener("saving", this.refresh);
  }

  show(report) {
    if (report?.state === "saved") this.saved = report;
    const shown = report ?? this.saved;
    this.dataset.state = shown?.state ?? "";
    const words = shown ? (shown.words ?? say(shown.state)) : "";
    if (this.words === words) return;
    this.words = words;
    this.replaceChildren(...(ICONS[shown?.state] ? [icon(ICONS[shown.state])] : []), words);
  }
}

customElements.define("save-state", SaveState);
