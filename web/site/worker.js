// The verifier away from the page: it may take a second, and the page stays awake.
import { check } from "./core.js";
import { compiling, part, sentence } from "./loading.js";

const compiled = compiling("zkimg.wasm");

addEventListener("message", async ({ data: { id, files, trust, at } }) => {
  try {
    postMessage({ id, answer: await check(await compiled(), files, trust, at, part) });
  } catch (fault) {
    postMessage({ id, answer: { error: sentence(fault, "verifier") } });
  }
});
