// Single keys, declared where they act:
//   data-key="n" (label from data-key-label, aria-label or text)   anywhere on the page: clicks, or focuses a field
//   data-rows around a list, data-row on each row                  J K move the cursor (aria-current), Enter opens [data-open]
//   data-row-key="e" on a button or box inside a row               acts on the row under the cursor
class KeyMap extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.querySelector("[data-single]").addEventListener("change", (event) => this.switchSingle(event.target.checked));
    this.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
  }

  switchSingle(on) {
    keepCookie("keys", on ? "on" : "off");
    if (on) delete document.documentElement.dataset.keys;
    else document.documentElement.dataset.keys = "off";
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") return this.take(event, () => this.list());
    if (!singleKeysOn()) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") return this.take(event, () => this.move(key === "j" ? 1 : -1));
    const target = event.key === "Enter" ? this.openOf(event) : this.find(key);
    if (target) this.take(event, () => this.act(target));
  }

  take(event, what) {
    event.preventDefault();
    what();
  }

  get rows() {
    return [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.checkVisibility());
  }

  get cursor() {
    return this.rows.find((row) => row.hasAttribute("aria-current"));
  }

  move(step) {
    const { rows, cursor } = this;
    const next = rows[cursor ? rows.indexOf(cursor) + step : step > 0 ? 0 : rows.length - 1];
    if (!next) return;
    cursor?.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    (next.querySelector("[data-open]") ?? next.querySelector("a, button, input"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // Enter on a link or button is theirs.
  openOf(event) {
    return event.target.closest("a, button, summary") ? null : this.cursor?.querySelector("[data-open]");
  }

  find(key) {
    const quoted = CSS.escape(key);
    const row = this.cursor ?? document.activeElement?.closest("[data-row]");
    return row?.querySelector(`[data-row-key="${quoted}"]`) ?? document.querySelector(`[data-key="${quoted}"]`);
  }

  act(target) {
    if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) target.focus();
    else target.click();
  }

  // What this page offers, and what every page does.
  list() {
    const rows = document.querySelector("[data-rows] [data-row]");
    const known = [
      ["Ctrl K", say("key_palette")],
      ...(rows ? [["J", say("key_next")], ["K", say("key_previous")], ["Enter", say("key_open")]] : []),
      ...[...document.querySelectorAll("[data-key], [data-row-key]")].map((element) => [
        (element.dataset.key ?? element.dataset.rowKey).toUpperCase(),
        element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? this.textOf(element),
      ]),
      ["Z", say("undo")],
      ["Ctrl Enter", say("key_save")],
      ["Esc", say("key_leave")],
      ["?", say("key_help")],
    ];
    const lines = new Map(known.reverse());
    this.querySelector("dl").replaceChildren(...[...lines].reverse().flatMap(([keys, label]) => this.line(keys, label)));
    this.dialog.showModal();
  }

  textOf(element) {
    const copy = element.cloneNode(true);
    for (const cap of copy.querySelectorAll("kbd, .count")) cap.remove();
    return copy.textContent.trim();
  }

  line(keys, label) {
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap);
    }
    const text = document.createElement("dd");
    text.textContent = label;
    return [term, text];
  }
}

customElements.define("key-map", KeyMap);
