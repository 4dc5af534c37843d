// 自動 / 明 / 暗, kept in a cookie so that the server draws the next page in it from the start.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      const theme = event.target.value;
      keepCookie("theme", theme);
      if (theme === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
    });
  }
}

customElements.define("theme-switch", ThemeSwitch);
