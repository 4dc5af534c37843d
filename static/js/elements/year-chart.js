// <year-chart data-first data-days data-now> around the lanes of a schedule: moves and resizes what may be moved.
//
// Everything in a lane is a link in the order of its days, so Tab and Enter reach all of it. The pointer drags a bar or
// one of its ends; ← → move what has the focus by a day, with Shift by a week, , . its beginning and [ ] its end. Days are
// saved by the one way of editing: the value as it stood goes along, so another person's change is never written over, and
// 元に戻す sends it back.
const SLIP = 4; // a click may slip so many pixels
const EDGE = 8; // so many pixels of a bar's end are its handle
const REST = 600; // ms after the last key
const DAY = 86_400_000;
const STEPS = {
  ArrowLeft: ["days", -1],
  ArrowRight: ["days", 1],
  ",": ["start", -1],
  ".": ["start", 1],
  "[": ["end", -1],
  "]": ["end", 1],
};

class YearChart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.onClick(event), true);
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("pointerdown", (event) => this.onGrab(event));
    this.addEventListener("htmx:beforeSwap", (event) => this.beforeSwap(event));
    this.addEventListener("htmx:afterSettle", () => this.onSwap());
    document.querySelector("[data-prints]")?.addEventListener("click", () => print());
    this.showToday();
  }

  get wrap() {
    return this.querySelector(".gantt-wrap");
  }

  // Where the chart is wider than the screen, it opens at today.
  showToday() {
    const { wrap } = this;
    if (!wrap || this.dataset.now === "") return;
    const body = this.querySelector(".g-body");
    const room = wrap.clientWidth - body.offsetLeft;
    wrap.scrollLeft = (body.clientWidth * Number(this.dataset.now)) / 100 - room / 3;
  }

  onKey(event) {
    const item = event.target.closest("[data-moves]");
    const step = STEPS[event.key];
    if (!item || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [what, days] = step;
    item.held ??= { days: 0, start: 0, end: 0 };
    item.held[what] += event.shiftKey ? days * 7 : days;
    this.show(item);
    clearTimeout(item.timer);
    item.timer = setTimeout(() => this.save(item), REST);
  }

  onGrab(event) {
    const item = event.target.closest("[data-moves]");
    if (!item || event.button || event.pointerType === "touch") return;
    const what = handleOf(item, event.clientX);
    const perDay = item.closest(".g-body").clientWidth / Number(this.dataset.days);
    const onMove = (moved) => {
      const pixels = moved.clientX - event.clientX;
      if (!this.dragged && Math.abs(pixels) < SLIP) return;
      this.dragged = true;
      const days = Math.round(pixels / perDay);
      item.held = { days: 0, start: 0, end: 0, [what]: days };
      this.show(item);
    };
    const onDrop = (dropped) => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onDrop);
      removeEventListener("pointercancel", onDrop);
      if (this.dragged && dropped.type === "pointerup") this.save(item);
      else this.release(item);
      setTimeout(() => (this.dragged = false));
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onDrop);
    addEventListener("pointercancel", onDrop);
  }

  onClick(event) {
    const keeps = event.target.closest("[data-keep]");
    if (keeps) this.settle(keeps.dataset.keep);
    if (!this.dragged) return;
    event.preventDefault(); // the end of a drag is no choice
    event.stopPropagation();
  }

  // ── What is held

  show(item) {
    const { days, start, end } = item.held;
    item.dataset.held = "";
    item.style.marginInlineStart = percent(days + start, this.dataset.days);
    item.style.inlineSize = end === start ? "" : `calc(var(--w) + ${percent(end - start, this.dataset.days)})`;
    this.say(read(moved(item)));
  }

  release(item) {
    clearTimeout(item.timer);
    item.held = null;
    delete item.dataset.held;
    item.style.marginInlineStart = item.style.inlineSize = "";
  }

  // ── Saving

  // One request at a time; what is held meanwhile goes out after its answer.
  async save(item) {
    clearTimeout(item.timer);
    if (item.sent) return;
    const value = item.held && moved(item);
    if (!value || value === item.dataset.base) return this.release(item);
    item.sent = { ...item.held };
    await this.send(item, value, item.dataset.base);
  }

  async send(item, value, base) {
    const { url, version, field } = item.dataset;
    this.focused = document.activeElement === item ? item.id : null;
    reportState(this, "saving");
    const sent = { field, value, base, version, editor: EDITED_BY, seq: ++editCount };
    const answer = await postForm(url, sent, { "Idempotency-Key": randomKey() }).catch(() => null);
    const rest = left(item);
    item.sent = null;
    if (answer?.ok && rest) {
      const { value: stands, version: newest } = await answer.json();
      Object.assign(item.dataset, { base: stands, version: newest });
      item.held = rest;
      return this.save(item);
    }
    item.held = null;
    if (answer?.ok) return this.accept(item, await answer.json(), base);
    if (answer?.status === 409) return this.disagree(item, await answer.json(), value);
    const said = answer?.status === 422 ? (await answer.json()).message : say(WHY[answer?.status] ?? "no_answer");
    reportState(this, null);
    this.release(item);
    this.say(said);
    showToast({ text: said });
    this.draw(); // an answer may have got lost: what stands there is shown
  }

  accept(item, { value, version, saved_at: time }, before) {
    Object.assign(item.dataset, { base: value, version });
    reportState(this, "saved", say("saved", { time }));
    const text = `${labelOf(item)} ${this.dataset.moved}`;
    this.say(`${text} ${read(value)}`);
    showToast({ text, undo: () => this.takeBack(item, value, before) });
    this.draw();
  }

  takeBack(item, value, before) {
    return this.send(document.getElementById(item.id) ?? item, before, value);
  }

  // Somebody else moved it meanwhile: both days stand beside the chart until one is chosen.
  disagree(item, { html, theirs, version }, mine) {
    this.release(item);
    this.querySelector(".sched-conflict")?.remove();
    const place = document.createElement("div");
    place.className = "sched-conflict";
    place.innerHTML = html; // our own template, escaped by the server
    this.conflict = { item, theirs, mine, version, place };
    this.querySelector(".gantt-wrap").after(place);
    reportState(this, "conflict");
    place.querySelector("[data-keep]")?.focus();
  }

  settle(choice) {
    const { item, theirs, mine, version, place } = this.conflict ?? {};
    if (!item) return;
    this.conflict = null;
    place.remove();
    item.dataset.version = version;
    item.focus();
    if (choice === "mine") return void this.send(item, mine, theirs);
    reportState(this, null);
    this.say(`${labelOf(item)} ${this.dataset.kept}`);
    this.draw();
  }

  // ── Drawn anew

  draw() {
    this.left = this.wrap.scrollLeft;
    htmx.trigger(this.querySelector("#schedule-chart"), "year-moved");
  }

  // What is being moved stays under the hand; its own save draws the chart anew.
  beforeSwap(event) {
    const isHeld = [...this.querySelectorAll("[data-held]")].some((item) => item.held);
    if (isHeld) event.detail.shouldSwap = false;
  }

  onSwap() {
    if (this.left !== undefined) this.wrap.scrollLeft = this.left;
    if (this.focused) document.getElementById(this.focused)?.focus({ preventScroll: true });
    this.left = this.focused = undefined;
  }

  say(text) {
    this.querySelector("[data-says]").textContent = text;
  }
}

const EDITED_BY = randomKey();
const WHY = { 403: "not_allowed", 404: "not_found", 500: "server_error", 503: "server_error" };
let editCount = 0;

// "2026-11-01/2027-01-31", one side of which may be empty, or one day, as it stands after the move.
function moved({ dataset, held }) {
  const { days, start, end } = held;
  const [first, last] = dataset.base.split("/");
  if (last === undefined) return shifted(first, days + start + end);
  const from = first ? shifted(first, days + start) : start < 0 ? shifted(last, days + start) : "";
  const to = last ? shifted(last, days + end) : end > 0 ? shifted(first, days + end) : "";
  return `${from}/${to}`;
}

// What was held since the request went out; null if nothing was.
function left({ held, sent }) {
  if (!held || !sent) return null;
  const rest = { days: held.days - sent.days, start: held.start - sent.start, end: held.end - sent.end };
  return rest.days || rest.start || rest.end ? rest : null;
}

// What the pointer holds: one of the ends of a bar that is wide enough for both, or all of it.
function handleOf(item, x) {
  const box = item.getBoundingClientRect();
  if (!item.classList.contains("g-bar") || box.width < 3 * EDGE) return "days";
  if (x > box.right - EDGE) return "end";
  return x < box.left + EDGE ? "start" : "days";
}

function shifted(day, days) {
  return day && new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

const percent = (days, all) => `${(100 * days) / all}%`;
const read = (value) => value.split("/").filter(Boolean).map((day) => day.replaceAll("-", "/")).join("–");
const labelOf = (item) => item.querySelector(".g-word").textContent.trim();

customElements.define("year-chart", YearChart);
