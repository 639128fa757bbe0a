// Editing and proving by the WebAssembly module, without anything of a browser: pages call it in a worker, tests in node.
import { instance } from "./rooms.js";

const FILE = 0, QUESTION = 1, CHAIN = 2, PART = 3;
/** `crypto.getRandomValues` gives no more at once. */
const MOST_RANDOM = 65536;

/**
 * Opens a photo, or a negative and the chain that came with it, in a new instance of the module.
 *
 * @param {WebAssembly.Module} module the compiled zkimg-maker.wasm
 * @param {(name: string) => Promise<Uint8Array>} part gives the parameters that a proof is made with, by the names of their files
 * @param {(name: string) => void} told hears what the prover begins to do
 */
export async function making(module, part, told = () => {}) {
  const made = await instance(module, {
    zkimg: {
      random(start, length) {
        const bytes = made.view(start, length);
        for (let at = 0; at < length; at += MOST_RANDOM) crypto.getRandomValues(bytes.subarray(at, at + MOST_RANDOM));
        return 1;
      },
      phase: (start, length) => told(new TextDecoder().decode(made.view(start, length))),
    },
  });
  const { exports, view, put, say, answer, supplied } = made;
  const asked = (call, question) => {
    if (question !== undefined) say(QUESTION, question);
    call();
    return answer();
  };
  const bytes = () => view(exports.zkimg_made(), exports.zkimg_made_length()).slice();
  return {
    /** Every kind of edit. */
    edits: () => asked(exports.zkimg_edits),
    /** Opens a file. */
    open(file, chain) {
      put(FILE, file);
      if (chain) put(CHAIN, chain);
      return asked(exports.zkimg_open);
    },
    /** Keeps a file for overlays that name it. */
    lay(name, file) {
      put(FILE, file);
      return asked(exports.zkimg_lay, name);
    },
    /** An edit to begin with, after others. */
    begin: (op, edits) => asked(exports.zkimg_begin, JSON.stringify({ op, edits })),
    /** What a recipe makes: sizes, words, and `pixels`, four bytes each. */
    preview(recipe) {
      const said = asked(exports.zkimg_preview, recipe);
      return said.error === undefined ? { ...said, pixels: bytes() } : said;
    },
    /** Proves a recipe: `file` is the published PNG with the proof inside. */
    async prove(recipe) {
      const said = await supplied(() => {
        say(QUESTION, recipe);
        exports.zkimg_prove();
      }, PART, part);
      return said.error === undefined ? { ...said, file: bytes() } : said;
    },
  };
}
