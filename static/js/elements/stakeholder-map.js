// <stakeholder-map data-edit data-record data-movable> around the drawing: moves people, saves the picture as PNG.
//
// Every person and every line is a link, so Tab and Enter reach all of it; arrows move the person who has the focus,
// the pointer drags. A place is saved by the one way of editing, and the drawing comes anew with its lines.
const STEP = 20;
const FINE = 4;
const REST = 600; // ms after the last arrow
const SLIP = 4; // a click may slip so many pixels
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class StakeholderMap extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.onClick(event), true);
    this.addEventListener("dragstart", (event) => event.preventDefault());
    if (!("movable" in this.dataset)) return;
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("pointerdown", (event) => this.onGrab(event));
    document.body.addEventListener("htmx:afterSwap", (event) => this.onSwap(event));
  }

  onKey(event) {
    const node = event.target.closest("[data-person]");
    const way = WAYS[event.key];
    if (!node || !way || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? FINE : STEP;
    place(node, Number(node.dataset.x) + way[0] * step, Number(node.dataset.y) + way[1] * step);
    clearTimeout(node.timer);
    node.timer = setTimeout(() => this.save(node), REST);
  }

  onGrab(event) {
    const node = event.target.closest("[data-person]");
    if (!node || event.button) return;
    const start = { x: event.clientX, y: event.clientY, nodeX: Number(node.dataset.x), nodeY: Number(node.dataset.y) };
    const scale = node.ownerSVGElement.viewBox.baseVal.width / node.ownerSVGElement.getBoundingClientRect().width;
    const onMove = (moved) => {
      const [dx, dy] = [moved.clientX - start.x, moved.clientY - start.y];
      if (!this.dragged && Math.hypot(dx, dy) < SLIP) return;
      this.dragged = true;
      place(node, start.nodeX + dx * scale, start.nodeY + dy * scale);
    };
    const onDrop = () => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onDrop);
      removeEventListener("pointercancel", onDrop);
      if (this.dragged) this.save(node);
      setTimeout(() => (this.dragged = false));
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onDrop);
    addEventListener("pointercancel", onDrop);
  }

  onClick(event) {
    if (event.target.closest("[data-prints]")) print();
    const png = event.target.closest("[data-png]");
    if (png) this.savePng(png.dataset);
    if (!this.dragged) return;
    event.preventDefault(); // the end of a drag is no choice
    event.stopPropagation();
  }

  async save(node) {
    const { x, y, base, person } = node.dataset;
    const body = new URLSearchParams({ field: "map_x", value: `${x},${y}`, base });
    const url = this.dataset.edit.replace(this.dataset.record, person);
    reportState(this, "saving");
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
    reportState(this, answer?.ok ? "saved" : null);
    this.refocus = document.activeElement === node ? node.id : null;
    if (answer?.ok) this.say(`${node.getAttribute("aria-label").split("、")[0]} ${this.dataset.moved}`);
    else showToast({ text: this.dataset.failed });
    htmx.trigger(this.querySelector("#map-drawing"), "map-moved");
  }

  // The focus stays on the person who was moved, and on the one whose form was asked for.
  onSwap(event) {
    if (event.target.id !== "map-drawing" || !this.refocus) return;
    document.getElementById(this.refocus)?.focus({ preventScroll: true });
    this.refocus = null;
  }

  say(text) {
    this.querySelector("[data-says]").textContent = text;
  }

  async savePng({ png, name }) {
    const image = new Image();
    image.src = png;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth * 2, image.naturalHeight * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const link = document.createElement("a");
    link.download = `${name}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  }
}

function place(node, x, y) {
  const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
  Object.assign(node.dataset, { x: left, y: top });
  node.setAttribute("transform", `translate(${left} ${top})`);
}

customElements.define("stakeholder-map", StakeholderMap);
