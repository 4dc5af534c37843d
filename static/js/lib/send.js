// Requests to our own server. The CSRF token stands in a <meta>; htmx gets it from here too.
const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function postForm(url, fields, headers = {}) {
  return fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", Accept: "application/json", ...headers },
    redirect: "manual",
  });
}

function showToast(detail) {
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

function keepCookie(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}
