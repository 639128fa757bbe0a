// The list of edits: a form for each, whose fields are the edit's parameters, and the recipe that they say.

const element = (tag, fields = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
};

/** A parameter's value as it stands in a field. */
const written = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** What stands in a field, as the recipe has it: of the sort that was there, or as it is, for the editor to say what is wrong. */
function read(text, before) {
  if (typeof before === "string") return text;
  if (typeof before === "number") return /^-?\d{1,9}$/.test(text) ? Number(text) : text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const named = (name) => name.replaceAll("_", " ");

export class Recipe {
  #kinds;
  #place;
  #rows = [];
  #changed;
  #lay;
  #drag;

  /**
   * @param {HTMLElement} place where the forms stand
   * @param {object[]} kinds every kind of edit
   * @param {{changed: () => void, lay: (file: File) => void, drag: (number: number) => void}} heard changes; a file for an overlay; the wish to
   *   draw an edit's box on the picture
   */
  constructor(place, kinds, { changed, lay, drag }) {
    [this.#place, this.#kinds, this.#changed, this.#lay, this.#drag] = [place, new Map(kinds.map((kind) => [kind.name, kind])), changed, lay, drag];
  }

  /** The edits, or the first of them. */
  edits(count = this.#rows.length) {
    return this.#rows.slice(0, count).map(({ op, fields }) => Object.fromEntries([["op", op], ...fields.map(({ name, value }) => [name, value()])]));
  }

  /** The text of a recipe's file. */
  text(count) {
    return JSON.stringify({ zkimg: 1, edits: this.edits(count) }, null, 2);
  }

  /** Adds an edit, with these values to begin with. */
  add(edit) {
    const kind = this.#kinds.get(edit.op);
    const row = { op: edit.op, boxed: false };
    row.fields = kind.parameters.map((parameter) => this.#field(parameter, edit[parameter.name]));
    const button = (text, title, click) => {
      const made = element("button", { type: "button", textContent: text, title });
      made.addEventListener("click", () => click(this.#rows.indexOf(row)));
      return made;
    };
    const move = (by) => (at) => {
      if (!this.#rows[at + by]) return;
      this.#rows.splice(at + by, 0, ...this.#rows.splice(at, 1));
      this.#list();
    };
    const buttons = [
      button("↑", "Earlier", move(-1)),
      button("↓", "Later", move(1)),
      button("Remove", "Leave this edit out", (at) => {
        this.#rows.splice(at, 1);
        this.#list();
      }),
    ];
    if (this.#box(row)) buttons.unshift(button("Draw it on the picture", "Shows the picture before this edit", (at) => this.#drag(at)));
    row.said = element("p", { className: "said" });
    row.line = element("li", {}, element("h3", { textContent: named(edit.op) }), element("span", { className: "buttons" }, ...buttons),
      element("div", { className: "fields" }, ...row.fields.map(({ label }) => label)), row.said);
    // What was typed is somebody's, as what was drawn.
    row.line.addEventListener("input", () => (row.boxed = true));
    this.#rows.push(row);
    this.#list();
  }

  /** Says of each edit what it does, and the size after it; or what is wrong with one of them. */
  say(words, wrong) {
    for (const [at, { said }] of this.#rows.entries()) {
      const error = wrong?.number === at + 1;
      said.classList.toggle("error", error);
      said.textContent = error ? wrong.sentence : (words?.[at] ?? "");
    }
  }

  /** The box of an edit that has one; the first of several. */
  box(at) {
    const box = this.#box(this.#rows[at]);
    const { x, y, width, height } = (Array.isArray(box) ? box[0] : box) ?? {};
    return [x, y, width, height].every(Number.isInteger) ? { x, y, width, height } : undefined;
  }

  /** Sets it. Of edits with several boxes the first that is drawn takes the place of those to begin with, others come to it. */
  setBox(at, box) {
    const row = this.#rows[at];
    const set = (name, value) => row.fields.find((field) => field.name === name)?.set(value);
    const several = this.#box(row);
    if (Array.isArray(several)) set("rectangles", row.boxed ? [...several, box] : [box]);
    else for (const [name, value] of Object.entries(box)) set(name, value);
    row.boxed = true;
    this.#changed();
  }

  #box({ fields }) {
    const all = Object.fromEntries(fields.map(({ name, value }) => [name, value()]));
    if (Array.isArray(all.rectangles)) return all.rectangles;
    return "width" in all && "x" in all ? all : undefined;
  }

  #list() {
    this.#place.replaceChildren(...this.#rows.map(({ line }) => line));
    this.#changed();
  }

  #field({ name, meaning, range, choices }, first) {
    let input, value, set;
    if (name === "image") {
      input = element("input", { type: "file", accept: "image/png" });
      let chosen = first;
      value = () => chosen;
      set = () => {};
      input.addEventListener("change", () => {
        const [file] = input.files;
        if (!file) return;
        chosen = file.name;
        this.#lay(file);
      });
    } else {
      input = choices.length > 0
        ? element("select", {}, ...choices.map((choice) => element("option", { value: choice, textContent: choice })))
        : element("input", { type: "text", spellcheck: false, autocomplete: "off" });
      let sort = first;
      value = () => read(input.value, sort);
      set = (next) => {
        sort = next;
        input.value = written(next);
      };
      set(first);
      input.addEventListener("input", () => this.#changed());
    }
    input.name = name;
    input.title = `${meaning}: ${range}`.replaceAll("`", "");
    return { name, value, set, label: element("label", { title: input.title }, element("span", { textContent: named(name) }), input) };
  }
}
