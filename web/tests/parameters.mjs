// The parameters that a page loads, cut out of their files.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const generators = readFileSync(join(root, "group/parameters/generators.bin"));
const circuits = readFileSync(join(root, "proof/parameters/halo2.bin"));

/** The parameters of this name, cut out of their file as docs/formats.md has it. */
export function cut(name) {
  const [kind, size] = name.replace(".bin", "").split("-");
  if (kind === "points") return new Uint8Array(generators.subarray(0, 64 * (2 + 2 ** size)));
  const length = (k) => 4 + 32 * (2 * 2 ** k + 2);
  let start = 0;
  for (let k = 5; k < size; k++) start += length(k);
  return new Uint8Array(circuits.subarray(start, start + length(Number(size))));
}

export const part = async (name) => cut(name);
