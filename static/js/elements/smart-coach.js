// What the coach says of one objective, with its words marked where they stand. Asked again while somebody types.
//
//   <smart-coach data-url> <li data-field="edit-objective-…-statement" data-marks='[[3, "強化"]]'> … </smart-coach>
//
// The marks lie in a layer of the same text over the field: a textarea has no marks of its own.
const ASK_AFTER = 300;
const COACHED = "inline-edit[data-kind=objective][data-field=statement], inline-edit[data-kind=action][data-field=text]";

class SmartCoach extends HTMLElement {
  connectedCallback() {
    this.desk = this.closest("section");
    this.left = new AbortController();
    const { signal } = this.left;
    for (const name of ["input", "compositionend"]) this.desk.addEventListener(name, (event) => this.hear(event), { signal });
    this.addEventListener("click", (event) => this.point(event), { signal });
    for (const field of this.desk.querySelectorAll(COACHED)) draw(field, this.marksOf(field));
    const typed = document.activeElement?.closest(COACHED);
    if (typed?.isDirty && this.desk.contains(typed)) this.askSoon(typed); // these words are older than the field
  }

  disconnectedCallback() {
    this.left.abort();
    clearTimeout(this.timer);
  }

  marksOf(field) {
    const lines = [...this.querySelectorAll("li[data-marks]")].filter((line) => line.dataset.field === field.id);
    return lines.flatMap((line) => JSON.parse(line.dataset.marks)).sort(([one], [other]) => one - other);
  }

  hear(event) {
    const field = event.target.closest(COACHED);
    if (!field) return;
    draw(field, this.marksOf(field));
    clearTimeout(this.timer);
    if (!event.isComposing) this.askSoon(field);
  }

  askSoon(field) {
    this.timer = setTimeout(() => this.ask(field), ASK_AFTER);
  }

  // Without an answer the old advice stands: the next save brings the new one.
  async ask(field) {
    const text = field.value;
    const action = field.dataset.kind === "action" ? field.dataset.record : "";
    const response = await postForm(this.dataset.url, { text, action }).catch(() => null);
    if (!response?.ok || field.value !== text || !this.isConnected) return;
    const holder = document.createElement("template");
    holder.innerHTML = await response.text(); // our own template, escaped by the server
    if (!this.isConnected || this.contains(document.activeElement)) return;
    this.replaceWith(holder.content);
    htmx.process(document.getElementById(this.id));
  }

  // 直す opens the field with the first of the words selected.
  point(event) {
    const line = event.target.closest("a[data-writes]")?.closest("li[data-marks]");
    const field = line && document.getElementById(line.dataset.field);
    if (!field) return;
    const found = standing(field.value, JSON.parse(line.dataset.marks))[0];
    if (found) setTimeout(() => field.control.setSelectionRange(...found)); // once the link has opened it
  }
}

// Places of those marks whose word still stands there. The server counts characters, the browser UTF-16 units.
function standing(text, marks) {
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  const ends = marks.map(([start, word]) => [units[start], units[start] + word.length, word]);
  return ends.filter(([start, end, word]) => start !== undefined && text.slice(start, end) === word);
}

function draw(field, marks) {
  const text = field.value;
  const layer = field.querySelector(".waves") ?? newLayer(field);
  layer.replaceChildren();
  let done = 0;
  for (const [start, end] of standing(text, marks)) {
    if (start < done) continue;
    const mark = document.createElement("mark");
    mark.className = "wave";
    mark.textContent = text.slice(start, end);
    layer.append(text.slice(done, start), mark);
    done = end;
  }
  layer.append(done ? text.slice(done) : "");
  layer.scrollLeft = field.control.scrollLeft;
}

function newLayer(field) {
  const layer = document.createElement("span");
  layer.className = "waves";
  layer.setAttribute("aria-hidden", "true");
  field.control.after(layer);
  field.control.addEventListener("scroll", () => (layer.scrollLeft = field.control.scrollLeft));
  return layer;
}

customElements.define("smart-coach", SmartCoach);
