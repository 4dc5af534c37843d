// A request of htmx without a good answer: says so, and repeats it on demand. The page stays as it is.
class RetryBar extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:sendError", (event) => this.offer(say("no_answer"), event.detail));
    document.addEventListener("htmx:timeout", (event) => this.offer(say("no_answer"), event.detail));
    document.addEventListener("htmx:responseError", (event) => this.onError(event.detail));
    document.addEventListener("htmx:afterOnLoad", (event) => event.detail.successful && this.settle(event.detail));
    this.querySelector("[data-again]").addEventListener("click", () => this.again());
    this.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  onError(detail) {
    const { status } = detail.xhr;
    if (status === 403) showToast({ text: say("not_allowed") });
    else if (status === 404 || status === 410) showToast({ text: say("not_found") });
    else this.offer(say("server_error"), detail);
  }

  offer(words, detail) {
    this.failed = detail;
    this.querySelector("[data-says]").textContent = words;
    this.hidden = false;
  }

  // Another request that came through says nothing of the one that is offered.
  settle({ requestConfig: { verb, path } }) {
    const failed = this.failed?.requestConfig;
    if (failed?.verb === verb && failed.path === path) this.close();
  }

  close() {
    this.hidden = true;
    this.failed = null;
  }

  again() {
    const { requestConfig: request, target, elt } = this.failed;
    this.close();
    // Without an answer it is offered once more, by the events above.
    htmx.ajax(request.verb.toUpperCase(), request.path, { source: elt, target, headers: request.headers }).catch(() => {});
  }
}

customElements.define("retry-bar", RetryBar);
