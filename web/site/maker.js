// The editor's worker, for the page: one that can be stopped whatever it does.
import { trusted } from "./trusted.js";

export class Maker {
  #worker;
  #count = 0;
  #waiting = new Map();
  /** Why nothing is answered any more. */
  #ended;

  /** Begins, and draws previews on a new canvas in this place. */
  constructor(place) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    place.replaceChildren(canvas);
    const drawn = canvas.transferControlToOffscreen();
    this.#worker = new Worker(trusted.createScriptURL(new URL("maker-worker.js", import.meta.url)), { type: "module" });
    this.#worker.addEventListener("message", ({ data: { id, answer, phase } }) => {
      const waiting = this.#waiting.get(id);
      if (phase !== undefined) return waiting?.told(phase);
      this.#waiting.delete(id);
      waiting?.done(answer);
    });
    this.#worker.addEventListener("error", () => this.#end("the editor could not be started in this browser"));
    this.#worker.postMessage({ canvas: drawn }, [drawn]);
  }

  /** Asks for one thing; `told` hears what is being done meanwhile. */
  ask(task, question = {}, told = () => {}) {
    if (this.#ended !== undefined) return Promise.resolve({ error: this.#ended });
    const id = ++this.#count;
    return new Promise((done) => {
      this.#waiting.set(id, { done, told });
      this.#worker.postMessage({ ...question, task, id });
    });
  }

  /** Ends the worker, and with it all that it holds. */
  stop() {
    this.#worker.terminate();
    this.#end("stopped");
  }

  #end(error) {
    this.#ended = error;
    for (const { done } of this.#waiting.values()) done({ error });
    this.#waiting.clear();
  }
}
