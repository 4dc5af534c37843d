// Requests to our own server. The CSRF token is read anew each time: signing in again in another tab changes it.
function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  const kept = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${meta?.dataset.cookie}=`));
  return kept?.split("=")[1] ?? meta?.content ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const PATIENCE = 30_000;

// Fails after half a minute without an answer: a connection that died unnoticed would hold its record for minutes.
function postForm(url, fields, headers = {}) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE);
  return fetch(url, {
    method: "POST",
    signal: patience.signal,
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
