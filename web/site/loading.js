// What a worker loads from its own server, and what it says when something went wrong.

/** What a server has not, or not now, is a sentence. */
async function load(name) {
  const response = await fetch(new URL(name, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(`the server does not have ${name}`);
  return response.arrayBuffer();
}

/** A part of the parameters. */
export const part = async (name) => new Uint8Array(await load(name));

/** Compiles a module once; after a failure it is loaded again. */
export function compiling(name) {
  let module;
  return () => (module ??= load(name).then(WebAssembly.compile).catch((fault) => {
    module = undefined;
    throw fault;
  }));
}

/** Says a fault of `who`; nothing of the fault itself but what this program wrote. */
export function sentence(fault, who) {
  if (fault instanceof WebAssembly.RuntimeError || fault instanceof RangeError) {
    return `the ${who} stopped by a fault of its own, so nothing is known about these files; please report what you did`;
  }
  if (fault instanceof WebAssembly.CompileError) return `the ${who} did not arrive whole; load the page again`;
  if (fault instanceof TypeError) return `the ${who} could not be loaded; check your connection and try again`;
  return fault.message;
}
