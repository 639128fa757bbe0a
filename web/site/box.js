// A box that is drawn on the picture with a pointer, in the picture's own pixels.

/**
 * Lets one box be drawn.
 *
 * @param {HTMLElement} stage holds the picture, and nothing else that takes room
 * @param {HTMLElement} box what shows it
 */
export class Box {
  #stage;
  #box;
  #size;
  #done;
  #from;

  constructor(stage, box) {
    [this.#stage, this.#box] = [stage, box];
    stage.addEventListener("pointerdown", (event) => {
      if (!this.#done) return;
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      this.#from = this.#at(event);
    });
    stage.addEventListener("pointermove", (event) => this.#from && this.#show(this.#drawn(event)));
    stage.addEventListener("pointerup", (event) => {
      if (!this.#from) return;
      const drawn = this.#drawn(event);
      const done = this.#done;
      this.end();
      done(drawn);
    });
    stage.addEventListener("pointercancel", () => (this.#from = undefined));
  }

  /** Begins, on a picture of this size; shows the box that there is. */
  begin(size, before, done) {
    [this.#size, this.#done] = [size, done];
    this.#stage.classList.add("drawing");
    if (before) this.#show(before);
  }

  /** Ends; nothing is drawn any more. */
  end() {
    this.#done = this.#from = undefined;
    this.#stage.classList.remove("drawing");
    this.#box.hidden = true;
  }

  #at({ clientX, clientY }) {
    const { left, top } = this.#stage.getBoundingClientRect();
    // The picture stands inside its frame.
    const { clientLeft, clientTop, clientWidth, clientHeight } = this.#stage;
    const on = (at, side, pixels) => Math.min(pixels, Math.max(0, Math.round((at / side) * pixels)));
    return [on(clientX - left - clientLeft, clientWidth, this.#size.width), on(clientY - top - clientTop, clientHeight, this.#size.height)];
  }

  /** At least a pixel, and inside the picture. */
  #drawn(event) {
    const to = this.#at(event);
    const side = (axis, pixels) => {
      const start = Math.min(this.#from[axis], to[axis], pixels - 1);
      return [start, Math.max(1, Math.max(this.#from[axis], to[axis]) - start)];
    };
    const [x, width] = side(0, this.#size.width);
    const [y, height] = side(1, this.#size.height);
    return { x, y, width, height };
  }

  #show({ x, y, width, height }) {
    const percent = (part, whole) => `${(100 * part) / whole}%`;
    this.#box.style.left = percent(x, this.#size.width);
    this.#box.style.top = percent(y, this.#size.height);
    this.#box.style.width = percent(width, this.#size.width);
    this.#box.style.height = percent(height, this.#size.height);
    this.#box.hidden = false;
  }
}
