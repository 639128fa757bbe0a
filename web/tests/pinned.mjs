// The module in node, without a browser: it says of the pinned files what the tool says, and of damaged ones no more than a sentence.
//
//     web/build && cargo build --release && ZKIMG=target/release/zkimg node --test web/tests/pinned.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { check } from "../site/core.js";
import { cut, part, root } from "./parameters.mjs";

const tool = resolve(process.env.ZKIMG ?? "target/release/zkimg");
const module = await WebAssembly.compile(readFileSync(join(root, "web/zkimg.wasm")));

const folder = mkdtempSync(join(tmpdir(), "zkimg-page-"));
after(() => rmSync(folder, { recursive: true }));
for (const name of ["edited.png", "edited.zkimg", "chain.png", "chain.zkimg", "handed-on.zkimg", "answer.zkimg", "camera.pub", "desk.pub", "photo.png"]) {
  writeFileSync(join(folder, name), readFileSync(join(root, "tests/pinned", name)));
}
const bytes = (name) => new Uint8Array(readFileSync(join(folder, name)));
const put = (name, content) => writeFileSync(join(folder, name), content);
const key = (name) => ({ name, pem: readFileSync(join(folder, name), "utf8") });

// Whom the user trusts who runs the tests is theirs to know.
const env = { ...process.env, ZKIMG_TRUST: "", XDG_CONFIG_HOME: folder };

/** What the tool says, as JSON. */
function told(words) {
  try {
    return JSON.parse(execFileSync(tool, ["verify", "--json", ...words], { cwd: folder, encoding: "utf8", env }));
  } catch (failed) {
    return JSON.parse(failed.stdout);
  }
}

/** What the module says. */
function asked(picture, proof, { cameras = [], people = [] } = {}, at = 0) {
  const file = (name) => name && { name, bytes: bytes(name) };
  return check(module, { picture: file(picture), proof: file(proof) }, { cameras: cameras.map(key), people: people.map(key) }, at, part);
}

/** The fields that are the tool's own; and the sentence that speaks of its command line. */
function same(answer, json) {
  for (const own of ["schema", "command", "exit_code", "ok", "picture", "proof", "trusted_by", "trust_store"]) delete json[own];
  for (const found of json.checks) found.detail = found.detail.replace(" (--trust)", "");
  assert.deepEqual(answer.report, json);
}

const trusted = { cameras: ["camera.pub"] };

test("published pictures are what the tool says they are", async () => {
  for (const name of ["edited", "chain"]) {
    same(await asked(`${name}.png`, `${name}.zkimg`, trusted), told([`${name}.png`, "--trust", "camera.pub"]));
    same(await asked(`${name}.png`, `${name}.zkimg`), told([`${name}.png`]));
    same(await asked(`${name}.png`, `${name}.zkimg`, { cameras: ["desk.pub"] }), told([`${name}.png`, "--trust", "desk.pub"]));
  }
  const people = { ...trusted, people: ["desk.pub"] };
  same(await asked("chain.png", "chain.zkimg", people), told(["chain.png", "--trust", "camera.pub", "--people", "desk.pub"]));
});

test("a hidden picture is one here, too", async () => {
  same(await asked(undefined, "handed-on.zkimg", trusted), told(["handed-on.zkimg", "--trust", "camera.pub"]));
  same(await asked("photo.png", "handed-on.zkimg", trusted), told(["photo.png", "handed-on.zkimg", "--trust", "camera.pub"]));
});

test("what does not hold is not valid", async () => {
  for (const [picture, proof] of [["chain.png", "edited.zkimg"], ["photo.png", "edited.zkimg"], ["edited.png", "chain.zkimg"]]) {
    const json = told([picture, proof, "--trust", "camera.pub"]);
    assert.equal(json.verdict, "invalid");
    same(await asked(picture, proof, trusted), json);
  }
});

test("what cannot be read is a sentence", async () => {
  put("empty.zkimg", "");
  put("cut.zkimg", bytes("edited.zkimg").subarray(0, 2000));
  put("broken.png", bytes("edited.png").subarray(0, 60));
  const cases = [
    ["edited.png", undefined, "there is no proof in or with this picture"],
    ["edited.png", "empty.zkimg", "there is no proof in or with this picture"],
    [undefined, "edited.zkimg", "add the picture, too"],
    ["edited.png", "cut.zkimg", "cut short"],
    ["edited.png", "answer.zkimg", "not a zkimg proof file"],
    ["edited.png", "photo.png", "not a zkimg proof file"],
    ["broken.png", "edited.zkimg", "the picture cannot be read"],
  ];
  for (const [picture, proof, part] of cases) {
    const { error, report } = await asked(picture, proof, trusted);
    assert.ok(error?.includes(part) && !error.includes("\n"), `${picture} ${proof}: ${error}`);
    assert.equal(report, undefined);
  }
  const { error } = await check(module, { proof: { name: "p", bytes: bytes("edited.zkimg") } }, { cameras: [{ name: "my list", pem: "nonsense" }], people: [] }, 0, part);
  assert.ok(error.startsWith("the key my list: "), error);
});

test("the report names both files by what sha256sum says", async () => {
  const { document, page } = await asked("edited.png", "edited.zkimg", trusted, 1_790_000_000);
  for (const name of ["edited.png", "edited.zkimg"]) {
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(name)))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    assert.ok(document.includes(digest) && page.includes(digest), name);
  }
  assert.ok(document.includes("2026-09-21 14:13:20 UTC"), document);
});

test("parameters that are not the right ones are refused", async () => {
  const files = { picture: { name: "p", bytes: bytes("edited.png") }, proof: { name: "q", bytes: bytes("edited.zkimg") } };
  const lists = { cameras: [key("camera.pub")], people: [] };
  const names = [];
  const { report } = await check(module, files, lists, 0, async (name) => (names.push(name), cut(name)));
  assert.equal(report.verdict, "trusted");
  assert.match(names.join(" "), /^points-10\.bin circuit-\d+\.bin$/);
  const wrong = [(bytes) => bytes.subarray(64), (bytes) => bytes.map((byte, i) => (i === 400 ? byte ^ 1 : byte)), () => new Uint8Array(0)];
  for (const change of wrong) {
    for (const changed of names) {
      const { error } = await check(module, files, lists, 0, async (name) => (name === changed ? change(cut(name)) : cut(name)));
      assert.match(error, /not those that this program was built for/, changed);
    }
  }
});

test("a first visit loads little", () => {
  const packed = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const names = ["index.html", "page.js", "page.css", "trust.js", "trusted.js", "zkimg.js", "worker.js", "core.js", "rooms.js", "loading.js", "icon.svg"];
  const site = names.map((name) => packed(readFileSync(join(root, "web/site", name)))).reduce((a, b) => a + b);
  const code = site + packed(readFileSync(join(root, "report/report.css"))) + packed(readFileSync(join(root, "web/zkimg.wasm")));
  // Of an HD photo with some edits.
  const photo = packed(cut("points-14.bin")) + packed(cut("circuit-10.bin"));
  console.log(`page and module ${code} bytes, parameters for an HD photo ${photo}`);
  assert.ok(code <= 1_000_000, `${code}`);
  assert.ok(code + photo <= 1_900_000, `${code + photo}`);
});

test("the types name every field of a report", async () => {
  const types = readFileSync(join(root, "web/site/zkimg.d.ts"), "utf8");
  const { report } = await asked("chain.png", "chain.zkimg", { cameras: ["camera.pub"], people: ["desk.pub"] });
  const names = (value) => {
    if (Array.isArray(value)) return value.flatMap(names);
    if (value === null || typeof value !== "object") return [];
    // An edit's parameters are its own.
    return Object.entries(value).flatMap(([name, inner]) => [name, ...(name === "edits" ? [] : names(inner))]);
  };
  for (const name of new Set(names(report))) assert.match(types, new RegExp(`\\b${name}: `), name);
});

test("damaged files never trap, are never believed, and take no longer than good ones", async () => {
  const honest = { picture: { name: "p", bytes: bytes("edited.png") }, proof: { name: "q", bytes: bytes("edited.zkimg") } };
  const lists = { cameras: [key("camera.pub")], people: [] };
  const seconds = async (files) => {
    const start = performance.now();
    const answer = await check(module, files, lists, 0, part);
    return [answer, (performance.now() - start) / 1000];
  };
  const good = [];
  for (let i = 0; i < 5; i++) good.push((await seconds(honest))[1]);
  const usual = good.sort((a, b) => a - b)[2];
  let state = 12345;
  const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
  for (let trial = 0; trial < 60; trial++) {
    const which = trial % 4 === 3 ? "picture" : "proof";
    const damaged = honest[which].bytes.slice(0, trial % 5 === 4 ? random(honest[which].bytes.length) : undefined);
    for (let i = 0; i <= random(3) && damaged.length > 0; i++) damaged[random(damaged.length)] ^= 1 + random(255);
    const [{ report, error }, took] = await seconds({ ...honest, [which]: { name: "d", bytes: damaged } });
    assert.ok(error || report.verdict !== "untrusted", "not without a camera that is trusted");
    // A change that PNG's readers do not see, such as in a date, is none of the picture.
    if (which === "proof") assert.notEqual(report?.verdict, "trusted");
    assert.ok(took < 6 * usual + 0.5, `trial ${trial}: ${took} s, a good one ${usual} s`);
  }
});
