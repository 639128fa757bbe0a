// The verifier away from the page: it may take a second, and the page stays awake.
import { check } from "./core.js";

const here = (name) => new URL(name, import.meta.url);

/** What a server has not, or not now, is a sentence. */
async function load(name) {
  const response = await fetch(here(name), { credentials: "omit" });
  if (!response.ok) throw new Error(`the server does not have ${name}`);
  return response;
}

let module;
const compiled = () => (module ??= load("zkimg.wasm").then(async (response) => WebAssembly.compile(await response.arrayBuffer())));

const part = async (name) => new Uint8Array(await (await load(name)).arrayBuffer());

addEventListener("message", async ({ data: { id, files, trust, at } }) => {
  try {
    postMessage({ id, answer: await check(await compiled(), files, trust, at, part) });
  } catch (fault) {
    module = fault instanceof WebAssembly.RuntimeError ? module : undefined;
    postMessage({ id, answer: { error: sentence(fault) } });
  }
});

function sentence(fault) {
  if (fault instanceof WebAssembly.RuntimeError) {
    return "the verifier stopped by a fault of its own, so nothing is known about these files; please report what you did";
  }
  if (fault instanceof WebAssembly.CompileError) return "the verifier did not arrive whole; load the page again";
  if (fault instanceof TypeError) return "the verifier could not be loaded; check your connection and try again";
  return fault.message;
}
