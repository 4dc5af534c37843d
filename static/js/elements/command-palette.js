// 検索・移動: Ctrl K opens it; arrows choose, Enter goes. The server answers with options for what is typed.
const ASK_AFTER = 120;

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector('[role="listbox"]');
    this.template = this.querySelector("template");
    document.addEventListener("keydown", (event) => this.onShortcut(event));
    document.addEventListener("click", (event) => event.target.closest('[data-opens="palette"]') && this.open());
    this.input.addEventListener("input", (event) => event.isComposing || this.askSoon());
    this.input.addEventListener("compositionend", () => this.askSoon());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("click", (event) => this.go(event.target.closest('[role="option"]')));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]')];
  }

  get chosen() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  onShortcut(event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || isComposing(event)) return;
    event.preventDefault();
    this.open();
  }

  open() {
    document.querySelector("#side:popover-open")?.hidePopover();
    this.input.value = "";
    this.fill();
    if (!this.dialog.open) this.dialog.showModal();
    this.input.focus();
    this.ask();
  }

  onKey(event) {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const { options } = this;
      this.choose(options[(options.indexOf(this.chosen) + step + options.length) % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.go(this.chosen);
    }
  }

  choose(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  go(option) {
    if (!option?.dataset.href) return;
    this.dialog.close();
    leaveTo(option.dataset.href);
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ASK_AFTER);
  }

  async ask() {
    const query = this.input.value.trim();
    this.pending?.abort();
    if (!this.dataset.url) return this.fill(query);
    this.pending = new AbortController();
    try {
      const url = `${this.dataset.url}?${new URLSearchParams({ q: query })}`;
      const answer = await fetch(url, { signal: this.pending.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) this.list.innerHTML = await answer.text(); // our own template, escaped by the server
      this.choose(this.options[0]);
    } catch (error) {
      if (error.name !== "AbortError") this.fill(query);
    }
  }

  // The pages of the navigation: without a question, or when nobody answers.
  fill(query = "") {
    const pages = [...this.template.content.cloneNode(true).children];
    this.list.replaceChildren(...pages.filter((page) => page.textContent.includes(query)));
    this.choose(this.options[0]);
  }
}

customElements.define("command-palette", CommandPalette);
