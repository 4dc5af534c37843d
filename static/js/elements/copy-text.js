// <copy-text data-text="…"><button type="button">写す</button></copy-text>
class CopyText extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.dataset.text ?? this.textContent.trim());
      showToast({ text: say("copied") });
    });
  }
}

customElements.define("copy-text", CopyText);
