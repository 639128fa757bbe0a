// One check by the WebAssembly module, without anything of a browser: pages call it in a worker, tests in node.
import { instance } from "./rooms.js";

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
  const { exports, put, say, supplied } = await instance(module);
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
  say(QUESTION, JSON.stringify(question));
  return supplied(exports.zkimg_check, PART, part);
}
