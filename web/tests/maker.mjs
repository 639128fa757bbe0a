// The maker's module in node, without a browser: its pixels, recipes and proofs are the tool's, and of damaged files it says no more than a sentence.
//
//     web/build && cargo build --release && ZKIMG=target/release/zkimg node --test web/tests/maker.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { crc32, gzipSync } from "node:zlib";
import { check } from "../site/core.js";
import { making } from "../site/maker-core.js";
import { part, root } from "./parameters.mjs";
import { pixels } from "./png.mjs";

const tool = resolve(process.env.ZKIMG ?? "target/release/zkimg");
const compile = (name) => WebAssembly.compile(readFileSync(join(root, "web", name)));
const [maker, verifier] = await Promise.all(["zkimg-maker.wasm", "zkimg.wasm"].map(compile));

const folder = mkdtempSync(join(tmpdir(), "zkimg-maker-"));
after(() => rmSync(folder, { recursive: true }));
const env = { ...process.env, ZKIMG_TRUST: "", XDG_CONFIG_HOME: folder };
const run = (...words) => execFileSync(tool, words, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
const bytes = (name) => new Uint8Array(readFileSync(join(folder, name)));
const put = (name, content) => writeFileSync(join(folder, name), content);
for (const name of ["street.jpg", "portrait.jpg", "grey.png", "tiny.png"]) put(name, readFileSync(join(root, "samples", name)));
for (const name of ["handed-on.negative", "handed-on.zkimg", "photo.negative", "edited.png", "edited.zkimg"]) put(name, readFileSync(join(root, "tests/pinned", name)));
run("keygen", "--out", "camera.key");
run("edit", "street.jpg", "--edit", "resize=1280x720", "--out", "hd.png");
run("attest", "hd.png", "--key", "camera.key");
const trust = { cameras: [{ name: "camera", pem: readFileSync(join(folder, "camera.pub"), "utf8") }], people: [] };

async function opened(name, chain, told) {
  const made = await making(maker, part, told);
  const answer = made.open(bytes(name), chain && bytes(chain));
  assert.equal(answer.error, undefined, name);
  return { ...made, answer };
}

const text = (edits) => JSON.stringify({ zkimg: 1, edits }, null, 2);
const crop = { op: "crop", x: 320, y: 120, width: 640, height: 480 };

/** What the tool makes of a recipe's file. */
function edited(photo, recipe) {
  put("recipe.json", recipe);
  run("edit", photo, "--recipe", "recipe.json", "--out", "out.png", "--force");
  return pixels(readFileSync(join(folder, "out.png")));
}

test("previews are the tool's pictures, pixel for pixel", async () => {
  run("edit", "tiny.png", "--edit", "resize=40x30,nearest", "--out", "logo.png");
  const recipes = [
    ["hd.png", []],
    ["hd.png", [crop, { op: "contrast", factor: "1.15" }, { op: "blur", sigma: "1.5" }]],
    ["hd.png", [{ op: "resize", width: 333, height: 222, filter: "lanczos3" }, { op: "white_balance", red: "1.08", green: "1", blue: "0.93" }]],
    ["street.jpg", [{ op: "rotate", degrees: 90 }, { op: "redact", rectangles: [{ x: 9, y: 20, width: 100, height: 50 }], colour: [255, 128, 0] }]],
    ["street.jpg", [{ op: "overlay", image: "logo.png", x: -3, y: 20 }, { op: "grayscale" }]],
    ["grey.png", [{ op: "gamma", gamma: "0.8" }, { op: "pixelate", x: 10, y: 10, width: 100, height: 80, block: 16 }]],
    ["portrait.jpg", [{ op: "sharpen", amount: "0.7" }, { op: "flip", axis: "horizontal" }]],
  ];
  for (const [photo, edits] of recipes) {
    const made = await opened(photo);
    made.lay("logo.png", bytes("logo.png"));
    const said = made.preview(text(edits));
    assert.equal(said.error, undefined);
    const right = edited(photo, text(edits));
    assert.deepEqual([said.size.width, said.size.height], [right.width, right.height]);
    assert.ok(Buffer.from(said.pixels).equals(right.pixels), text(edits));
    assert.equal(said.edits.length, edits.length);
    // The words of the command line are the same edits; an overlay has its file.
    assert.equal(said.written === null, edits.some(({ op }) => op === "overlay"));
    if (!said.written?.length) continue;
    run("edit", photo, ...said.written.flatMap((word) => ["--edit", word]), "--out", "words.png", "--force");
    assert.ok(readFileSync(join(folder, "words.png")).equals(readFileSync(join(folder, "out.png"))), said.written.join(" "));
  }
});

test("every kind of edit begins with values that fit, and the tool takes the recipe", async () => {
  const made = await opened("hd.png");
  const { edits } = made.edits();
  assert.deepEqual(edits, JSON.parse(run("edits", "--json")).edits);
  for (const photo of ["hd.png", "tiny.png", "grey.png"]) {
    const made = await opened(photo);
    for (const { name } of edits) {
      const { edit, error } = made.begin(name, []);
      if (error) {
        assert.ok(photo === "grey.png" && /colour|channel/.test(error), `${photo} ${name}: ${error}`);
        continue;
      }
      if (name === "overlay") {
        assert.equal(edit.image, "");
        continue;
      }
      const said = made.preview(text([edit]));
      assert.equal(said.error, undefined, name);
      assert.ok(Buffer.from(said.pixels).equals(edited(photo, text([edit])).pixels), `${photo} ${name}`);
    }
  }
  const { edit } = made.begin("crop", [{ op: "resize", width: 10, height: 8, filter: "nearest" }]);
  assert.ok(edit.x + edit.width <= 10 && edit.y + edit.height <= 8);
});

/** Processor time since then, of this process alone: others may be at work. */
function seconds(begun) {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** Proves, and has the tool and the page's verifier check what was made. */
async function proved(made, recipe, edits) {
  const said = await made.prove(recipe);
  assert.equal(said.error, undefined);
  put("published.png", said.file);
  const told = JSON.parse(run("verify", "published.png", "--trust", "camera.pub", "--json"));
  assert.equal(told.verdict, "trusted");
  assert.deepEqual(told.links.at(-1).words.length, edits);
  const { report } = await check(verifier, { picture: { name: "p", bytes: said.file } }, trust, 0, part);
  assert.equal(report.verdict, "trusted");
  return said;
}

test("a crop of an HD photo is proved within seconds, and the picture is the preview", async (t) => {
  const phases = [];
  const made = await opened("hd.negative", undefined, (phase) => phases.push(phase));
  assert.equal(made.answer.kind, "negative");
  const before = made.preview(text([crop]));
  assert.ok(before.proof.seconds >= 1 && before.refused === null);
  const begun = process.cpuUsage();
  const said = await made.prove(text([crop]));
  const first = seconds(begun);
  t.diagnostic(`640×480 of 1280×720: ${first.toFixed(1)} s, said about ${before.proof.seconds} s`);
  assert.ok(first < 8, `${first} s`);
  assert.ok(Buffer.from(before.pixels).equals(pixels(Buffer.from(said.file)).pixels));
  for (const phase of ["edits", "circuit", "opening", "checking the proof"]) assert.ok(phases.includes(phase), `${phases}`);
  const again = await proved(made, text([crop]), 1);
  assert.ok(!Buffer.from(again.file).equals(Buffer.from(said.file)), "no two proofs have the same blinders");
});

test("edits that change every pixel are proved, too", async (t) => {
  const made = await opened("hd.negative");
  const all = [
    [{ op: "contrast", factor: "1.15" }],
    [{ op: "resize", width: 640, height: 480, filter: "bilinear" }],
    [crop, { op: "white_balance", red: "1.08", green: "1", blue: "0.93" }, { op: "blur", sigma: "1" }],
  ];
  for (const edits of all) {
    const { proof } = made.preview(text(edits));
    const begun = process.cpuUsage();
    await proved(made, text(edits), edits.length);
    t.diagnostic(`${edits.map(({ op }) => op).join(", ")}: ${seconds(begun).toFixed(1)} s with a check in the page's verifier, said about ${proof.seconds} s, ${proof.memory_mb} MB`);
  }
});

test("what was handed on goes on with its chain, and not without", async () => {
  const edits = [{ op: "flip", axis: "horizontal" }];
  const alone = await opened("handed-on.negative");
  assert.equal(alone.answer.kind, "handed on");
  assert.match((await alone.prove(text(edits))).error, /give the proof file that came with it too/);
  const made = await opened("handed-on.negative", "handed-on.zkimg");
  const { file } = await made.prove(text(edits));
  put("chain.png", file);
  writeFileSync(join(folder, "pinned.pub"), readFileSync(join(root, "tests/pinned/camera.pub")));
  assert.equal(JSON.parse(run("verify", "chain.png", "--trust", "pinned.pub", "--json")).verdict, "trusted");
});

test("what cannot be proved here is a sentence", async () => {
  const photo = await opened("hd.png");
  assert.match(photo.answer.refused, /a photo alone/);
  assert.match((await photo.prove(text([crop]))).error, /a photo alone/);
  // 2 megapixels and a little.
  run("edit", "street.jpg", "--edit", "resize=1600x1320", "--out", "large.png");
  run("attest", "large.png", "--key", "camera.key");
  const large = await opened("large.negative");
  assert.match(large.answer.refused, /more than 2 megapixels/);
  const said = large.preview(text([crop]));
  assert.equal(said.proof, null);
  assert.match(said.refused, /more than 2 megapixels/);
  assert.match((await large.prove(text([crop]))).error, /more than 2 megapixels/);
  // Whatever is announced, nothing is allocated for it.
  const header = Buffer.from(bytes("hd.png"));
  header.writeUInt32BE(20000, 16);
  header.writeUInt32BE(13000, 20);
  header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
  assert.match((await making(maker, part)).open(header).error, /at most 67 megapixels/);
});

test("wrong recipes and files are sentences", async () => {
  const made = await opened("hd.negative");
  const recipes = [
    ["", /cannot be read/],
    ["[]", /a recipe looks like/],
    [text([{ op: "sepia" }]), /^edit 1: there is no edit named "sepia"/],
    [text([{ ...crop, width: 9999 }]), /^edit 1: crop: width is 9999/],
    [text([crop, crop]), /^edit 2: crop: /],
    [text([{ op: "contrast", factor: "x" }]), /^edit 1: contrast: factor/],
    [text([{ op: "overlay", image: "no.png", x: 0, y: 0 }]), /^edit 1: overlay: cannot read no\.png: choose the file/],
    [text(Array.from({ length: 33 }, () => crop)), /at most 32/],
    [text([{ op: "jpeg", luma: [], colour: [], sampling: "4:2:0" }]), /jpeg/],
  ];
  for (const [recipe, part] of recipes) {
    for (const { error } of [made.preview(recipe), await made.prove(recipe)]) assert.match(error, part);
  }
  assert.match(made.begin("sepia", []).error, /there is no edit/);
  const files = [
    [[], /empty/], [[1, 2, 3], /not a picture/], [bytes("hd.negative").subarray(0, 5000), /damaged or cut short/],
    [bytes("hd.png").subarray(0, 5000), /cut short|damaged/], [bytes("edited.zkimg"), /not a picture/], [new TextEncoder().encode("zkimgneg"), /damaged|cut short/],
  ];
  for (const [file, part] of files) {
    const fresh = await making(maker, async () => new Uint8Array(0));
    assert.match(fresh.open(new Uint8Array(file)).error, part);
    assert.match(fresh.preview(text([])).error, /no picture yet/);
  }
  const chain = await making(maker, part);
  assert.match(chain.open(bytes("handed-on.negative"), bytes("edited.png")).error, /not a zkimg proof file/);
  const wrong = await making(maker, async () => new Uint8Array(5));
  wrong.open(bytes("hd.negative"));
  assert.match((await wrong.prove(text([crop]))).error, /not those that this program was built for/);
});

test("damaged files never trap", async () => {
  let state = 12345;
  const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
  const names = ["portrait.jpg", "tiny.png", "handed-on.negative", "edited.png", "photo.negative"];
  for (let trial = 0; trial < 100; trial++) {
    const whole = bytes(names[trial % names.length]);
    const damaged = whole.slice(0, trial % 7 === 6 ? random(whole.length) : undefined);
    for (let i = 0; i <= random(4) && damaged.length > 0; i++) damaged[random(Math.min(damaged.length, trial % 2 ? 600 : damaged.length))] ^= 1 + random(255);
    const made = await making(maker, part);
    const { error } = made.open(damaged, trial % 3 === 0 ? bytes("handed-on.zkimg").fill(trial, 100, 110) : undefined);
    assert.ok(error === undefined || (error.length > 10 && !error.includes("\n")), error);
    if (error === undefined) assert.equal(made.preview(text([])).error, undefined);
  }
});

test("how large the module is", (t) => {
  const packed = gzipSync(readFileSync(join(root, "web/zkimg-maker.wasm")), { level: 9 }).length;
  t.diagnostic(`${packed} bytes, gzip`);
  assert.ok(packed <= 1_500_000, `${packed}`);
});
