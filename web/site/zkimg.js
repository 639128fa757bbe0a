// The verifier for whoever builds a page: one function, which runs it in a worker.

import { trusted } from "./trusted.js";

/** Files larger than this are not read: no picture that a page can show is. */
export const LARGEST = 512 * 1024 * 1024;

let worker;
let count = 0;
const waiting = new Map();

function started() {
  if (worker) return worker;
  worker = new Worker(trusted.createScriptURL(new URL("worker.js", import.meta.url)), { type: "module" });
  worker.addEventListener("message", ({ data: { id, answer } }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  worker.addEventListener("error", () => {
    // The worker could not even begin.
    for (const done of waiting.values()) done({ error: "the verifier could not be started in this browser" });
    waiting.clear();
    worker = undefined;
  });
  return worker;
}

/**
 * Checks a picture and its proof. Nothing leaves the device.
 *
 * @param {{picture?: {name: string, bytes: Uint8Array}, proof?: {name: string, bytes: Uint8Array}}} files
 * @param {{cameras?: {name: string, pem: string}[], notaries?: {name: string, pem: string}[], people?: {name: string, pem: string}[]}} trust the reader's own lists
 * @returns {Promise<{report?: object, page?: string, document?: string, error?: string}>}
 */
export function verify(files, { cameras = [], notaries = [], people = [] } = {}) {
  const id = ++count;
  const at = Math.floor(Date.now() / 1000);
  return new Promise((done) => {
    waiting.set(id, done);
    started().postMessage({ id, files, trust: { cameras, notaries, people }, at });
  });
}

/** Markup that the verifier wrote, as nodes; only it may become nodes where the browser can tell. */
export function nodes(page) {
  const parsed = new DOMParser().parseFromString(trusted.createHTML(page), "text/html");
  return [...parsed.body.childNodes].map((node) => document.importNode(node, true));
}

/** Fetches a file that a link names: without cookies, without saying from where, and not more than is sensible. */
export async function fetched(address) {
  const url = new URL(address, location.href);
  if (url.protocol !== "https:" && url.origin !== location.origin) throw new Error("only https addresses are fetched");
  let response;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    throw new Error(`${url.host} could not be reached, or does not let other pages read its files`);
  }
  if (!response.ok) throw new Error(`${url.host} does not have this file`);
  const parts = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LARGEST) {
      await reader.cancel();
      throw new Error("the file is longer than any that is read");
    }
    parts.push(value);
  }
  return { name: named(url), bytes: new Uint8Array(await new Blob(parts).arrayBuffer()) };
}

function named(url) {
  const last = url.pathname.split("/").pop() || "file";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
