// One check by the WebAssembly module, without anything of a browser: pages call it in a worker, tests in node.

const PICTURE = 0, PROOF = 1, QUESTION = 2, PART = 3;

/**
 * Checks a picture and its proof.
 *
 * @param {WebAssembly.Module} module the compiled zkimg.wasm
 * @param {{picture?: {name: string, bytes: Uint8Array}, proof?: {name: string, bytes: Uint8Array}}} files
 * @param {{cameras: {name: string, pem: string}[], notaries?: {name: string, pem: string}[], people: {name: string, pem: string}[]}} trust the reader's own lists
 * @param {number} at Unix seconds
 * @param {(name: string) => Promise<Uint8Array>} part gives the parameters that the proof is checked with, by the names of their files
 * @returns {Promise<{report?: object, page?: string, document?: string, error?: string}>}
 */
export async function check(module, files, trust, at, part) {
  // A new instance each time: what one file does to it is gone with it.
  const { exports } = await WebAssembly.instantiate(module, {});
  const put = (room, bytes) => {
    const start = exports.zkimg_room(room, bytes.length);
    if (start === 0) throw new Error("there is not enough memory in this browser for these files");
    new Uint8Array(exports.memory.buffer, start >>> 0, bytes.length).set(bytes);
  };
  const ask = () => {
    exports.zkimg_check();
    const bytes = new Uint8Array(exports.memory.buffer, exports.zkimg_answer() >>> 0, exports.zkimg_answer_length());
    return JSON.parse(new TextDecoder().decode(bytes));
  };
  const question = {
    picture: files.picture?.name ?? "",
    proof: files.proof?.name ?? "",
    cameras: trust.cameras,
    notaries: trust.notaries ?? [],
    people: trust.people,
    at,
  };
  if (files.picture) put(PICTURE, files.picture.bytes);
  if (files.proof) put(PROOF, files.proof.bytes);
  put(QUESTION, new TextEncoder().encode(JSON.stringify(question)));
  let answer = ask();
  if (answer.missing) {
    const parts = await Promise.all(answer.missing.map(part));
    for (const [place, bytes] of parts.entries()) {
      put(PART, bytes);
      if (exports.zkimg_give(place) !== 1) {
        return { error: "the parameters are not those that this verifier was built for; load the page again" };
      }
    }
    answer = ask();
  }
  return answer;
}
