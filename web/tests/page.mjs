// The page in a browser: files are dropped, and what it says is read.
//
//     ZKIMG=target/release/zkimg CHROMIUM=/usr/bin/chromium PLAYWRIGHT=FOLDER/node_modules node --test web/tests/page.mjs
//
// The tool is built with `--features page`; SHOTS names a folder for pictures of the page.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { chromium } = createRequire(join(resolve(process.env.PLAYWRIGHT), "x.js"))("playwright-core");
const pinned = (name) => readFileSync(join(root, "tests/pinned", name));
const file = (name, buffer = pinned(name)) => ({ name, mimeType: "application/octet-stream", buffer });

let serving, address, browser, page;
const seen = { requests: [], faults: [] };

before(async () => {
  serving = spawn(resolve(process.env.ZKIMG), ["serve", "--port", "0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(serving.stdout, "data");
  address = JSON.parse(line).address;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  serving?.kill("SIGINT");
});
beforeEach(async () => {
  page = await (await browser.newContext({ acceptDownloads: true, viewport: { width: 900, height: 1400 } })).newPage();
  Object.assign(seen, { requests: [], faults: [] });
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("pageerror", (fault) => seen.faults.push(String(fault)));
  page.on("console", (line) => line.type() === "error" && seen.faults.push(line.text()));
  await page.goto(address);
});

const give = (...files) => page.setInputFiles("#files", files);
const trust = (kind, ...files) => page.setInputFiles(`input[data-kind="${kind}"]`, files);
const title = () => page.locator("#result h1").innerText({ timeout: 60_000 });
const shot = async (name) => process.env.SHOTS && (await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true }));

/** Nothing went wrong, and nothing went anywhere but to the page's own server. */
function quiet() {
  assert.deepEqual(seen.faults, []);
  assert.deepEqual(seen.requests.filter((url) => !url.startsWith(address) && !url.startsWith(`blob:${address}`)), []);
}

test("a picture and its proof are checked, by whom the reader trusts", async () => {
  await give(file("edited.png"), file("edited.zkimg"));
  assert.equal(await title(), "VALID, BUT NOT TRUSTED");
  await trust("cameras", file("camera.pub"));
  await page.locator("#result .trusted").waitFor();
  assert.equal(await title(), "VERIFIED");
  assert.match(await page.locator("#result").innerText(), /cropped to 3 × 3 at 1, 0/);
  assert.equal(await page.locator("#result svg .part").count(), 1);
  assert.ok(await page.locator("#shown img").evaluate((img) => img.naturalWidth === 3));
  await shot("verified");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert.match(readFileSync(await download.path(), "utf8"), /^<!DOCTYPE html>[^]*<h1>VERIFIED<\/h1>/);
  // Another key of that name does not take its place, and the same key is not there twice.
  await trust("cameras", file("camera.pub", pinned("desk.pub")), file("again.pub", pinned("camera.pub")));
  await page.locator("#cameras bdi").nth(1).waitFor();
  assert.deepEqual(await page.locator("#cameras bdi").allInnerTexts(), ["camera.pub", "camera.pub (2)"]);
  // Kept for the next time.
  await page.reload();
  await page.locator("#cameras bdi").nth(1).waitFor();
  assert.deepEqual(await page.locator("#cameras bdi").allInnerTexts(), ["camera.pub", "camera.pub (2)"]);
  await give(file("edited.png"));
  await page.getByText("add the .zkimg file that was published with it").waitFor();
  await give(file("edited.zkimg"));
  assert.equal(await title(), "VERIFIED");
  for (const _ of [1, 2]) await page.locator("#cameras button").first().click();
  await page.locator("#result .untrusted").waitFor();
  quiet();
});

test("a changed picture is refused at once", async () => {
  await give(file("chain.png", pinned("edited.png")), file("chain.zkimg"));
  assert.equal(await title(), "NOT VALID");
  assert.ok(await page.locator("#shown").isHidden(), "it is not shown as if it were something");
  assert.equal(await page.locator("#result svg").count(), 0);
  await shot("not-valid");
  quiet();
});

test("a chain says who did what, and a hidden picture that it is hidden", async () => {
  await trust("cameras", file("camera.pub"));
  await trust("people", file("desk.pub"));
  await give(file("chain.png"), file("chain.zkimg"));
  assert.equal(await title(), "VERIFIED");
  const text = await page.locator("#result").innerText();
  assert.match(text, /only claimed, not signed: "Anna"/);
  assert.match(text, /confirmed by the key "desk\.pub": "Desk"/);
  assert.equal(await page.locator("#result svg .colour").count(), 1);
  await shot("chain");
  await give(file("handed-on.zkimg"));
  await page.getByText("The hidden picture shows the whole frame").waitFor();
  quiet();
});

test("other files are a sentence, and no name is more than a name", async () => {
  const said = (part) => page.locator("#state.error", { hasText: part }).waitFor();
  await give(file("answer.zkimg"));
  await said(/model's answer/);
  await give(file("photo.negative"));
  await said(/secret/);
  await give(file("camera.pub"));
  await said(/add it below/);
  await give(file("edited.png"), file("edited.zkimg", pinned("edited.zkimg").subarray(0, 3000)));
  await said(/cut short/);
  await trust("people", file("edited.png"));
  await said(/not a public key/);
  const name = '<img src=x onerror="document.title=1">.png';
  await give(file(name, pinned("edited.png")), file("<script>.zkimg", pinned("edited.zkimg")));
  assert.equal(await title(), "VALID, BUT NOT TRUSTED");
  assert.equal(await page.locator("#result bdi").first().innerText(), name);
  assert.equal(await page.locator("#result img, #result script").count(), 0);
  await trust("cameras", file("<b>camera</b>.pub", pinned("camera.pub")));
  await page.locator("#result .trusted").waitFor();
  assert.match(await page.locator("#result").innerText(), /"<b>camera<\/b>\.pub"/);
  quiet();
});

test("a link names a picture, which is fetched when the reader says so", async () => {
  const asked = [];
  await page.route("https://pictures.example/**", (route) => {
    asked.push(route.request());
    const name = new URL(route.request().url()).pathname.split("/").pop();
    return route.fulfill({ body: pinned(name), headers: { "access-control-allow-origin": "*" } });
  });
  await page.goto(`${address}#picture=https%3A%2F%2Fpictures.example%2Fa%2Fedited.png&proof=https%3A%2F%2Fpictures.example%2Fa%2Fedited.zkimg`);
  await page.getByText("This link names a picture at pictures.example.").waitFor();
  assert.equal(asked.length, 0);
  await page.click("#linked button");
  assert.equal(await title(), "VALID, BUT NOT TRUSTED");
  assert.deepEqual(asked.map((request) => request.url()), ["https://pictures.example/a/edited.png", "https://pictures.example/a/edited.zkimg"]);
  for (const request of asked) assert.equal((await request.allHeaders()).referer, undefined);
  for (const bad of ["http://pictures.example/x.png", "javascript:alert(1)", "data:text/html,x"]) {
    await page.goto(`${address}#picture=${encodeURIComponent(bad)}`);
    await page.click("#linked button");
    await page.getByText("Only https addresses are fetched.").waitFor();
  }
  assert.equal(asked.length, 2);
});

/** Photos, negatives and a camera's key, made by the tool. */
const folder = mkdtempSync(join(tmpdir(), "zkimg-make-"));
after(() => rmSync(folder, { recursive: true }));
const run = (...words) => execFileSync(resolve(process.env.ZKIMG), words, { cwd: folder, encoding: "utf8", env: { ...process.env, ZKIMG_TRUST: "", XDG_CONFIG_HOME: folder } });
const at = (name) => join(folder, name);
function prepare() {
  run("keygen", "--out", "camera.key", "--force");
  run("edit", join(root, "samples/street.jpg"), "--edit", "resize=1280x720", "--out", "hd.png", "--force");
  run("attest", "hd.png", "--key", "camera.key", "--force");
}

const said = (number) => page.locator("#list .said").nth(number);
const add = async (kind) => {
  const count = await page.locator("#list li").count();
  await page.selectOption("#kinds", kind);
  await page.click("#add");
  await page.locator("#list li").nth(count).waitFor();
};
const field = (number, name) => page.locator("#list li").nth(number).locator(`[name="${name}"]`);
const saved = async (button) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  await download.saveAs(at(download.suggestedFilename()));
};

test("edits are put together and seen at once, and the recipe is the tool's", async () => {
  prepare();
  await page.click('a[href="make.html"]');
  await page.locator("#files:enabled").waitFor({ state: "attached" });
  await page.setInputFiles("#files", at("hd.png"));
  await page.getByText("1280 × 720 becomes 1280 × 720.").waitFor();
  await page.getByText("A photo alone can be edited here and not proved").waitFor();
  assert.ok(await page.locator("#prove").isHidden());
  await add("contrast");
  await field(0, "factor").fill("1.3");
  await said(0).getByText("ontrast").waitFor();
  await field(0, "factor").fill("many");
  await page.locator("#list .said.error", { hasText: "factor" }).waitFor();
  assert.ok(await page.locator("#recipe").isHidden());
  await field(0, "factor").fill("1.3");
  await add("crop");
  // A box over the left half, drawn on the picture before the crop, which then comes first.
  await page.locator("#list li").nth(1).getByText("Draw it on the picture").click();
  await page.locator("#stage.drawing").waitFor();
  // The whole picture is there again.
  await page.waitForFunction(() => {
    const { width, height } = document.querySelector("#stage canvas").getBoundingClientRect();
    return Math.abs(width / height - 1280 / 720) < 0.02;
  });
  const { x, y, width, height } = await page.locator("#stage").boundingBox();
  await page.mouse.move(x + 2, y + 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height - 2, { steps: 3 });
  await shot("drawing");
  await page.mouse.up();
  await said(1).getByText(/Cropped to 6[34]\d × 7[01]\d at [1-4], [1-4]: /).waitFor();
  await page.locator("#list li").nth(1).getByTitle("Earlier").click();
  await page.locator("#list h3").first().getByText("crop").waitFor();
  await add("blur");
  await page.locator("#list li").nth(2).getByText("Remove").click();
  await page.locator("#copy:enabled").waitFor();
  await page.getByText(/1280 × 720 becomes 6[34]\d × 7[01]\d\./).waitFor();
  await shot("editing");
  await saved("#save");
  assert.deepEqual(JSON.parse(readFileSync(at("recipe.json"), "utf8")).edits.map(({ op }) => op), ["crop", "contrast"]);
  run("edit", "hd.png", "--recipe", "recipe.json", "--out", "by-file.png", "--force");
  const command = (await page.locator("#command").innerText()).split(" ");
  assert.deepEqual([command.slice(0, 3), command.slice(-2)], [["zkimg", "prove", "hd.negative"], ["--out", "edited.png"]]);
  run("edit", "hd.png", ...command.slice(3, -2), "--out", "by-words.png", "--force");
  assert.ok(readFileSync(at("by-file.png")).equals(readFileSync(at("by-words.png"))));
  // A file's name is no more than a name, and none goes into a command that a shell would take for more.
  await page.setInputFiles("#files", file("<img src=x>;reboot.png", readFileSync(at("hd.png"))));
  await page.locator("#command", { hasText: "zkimg prove photo.negative" }).waitFor();
  await page.setViewportSize({ width: 1400, height: 900 });
  await shot("wide");
  quiet();
});

test("a negative is proved in the page, which can be stopped, and nothing of it is kept", async (t) => {
  prepare();
  await page.goto(`${address}make.html`);
  await page.locator("#files:enabled").waitFor({ state: "attached" });
  await page.setInputFiles("#files", at("hd.negative"));
  await page.getByText("1280 × 720 becomes 1280 × 720.").waitFor();
  await add("contrast");
  await page.getByText(/^Prove here \(slow: about \d+ s\)$/).click();
  await page.locator("#doing", { hasText: /linear maps|lookups|circuit|opening/i }).waitFor({ timeout: 60_000 });
  assert.ok(await page.locator("#add").isDisabled());
  await shot("proving");
  await page.click("#cancel");
  await page.locator("#add:enabled").waitFor();
  await page.locator("#list li").getByText("Remove").click();
  await add("crop");
  await said(0).getByText("Cropped to 640 × 480 at 320, 120: 640 × 480.").waitFor();
  const begun = Date.now();
  await page.click("#prove");
  await page.locator("#published a").waitFor({ timeout: 120_000 });
  t.diagnostic(`640×480 of 1280×720 in the page: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  await shot("proved");
  await saved("#published a");
  assert.equal(JSON.parse(run("verify", "edited.png", "--trust", "camera.pub", "--json")).verdict, "trusted");
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  assert.equal(await page.evaluate(() => location.href), `${address}make.html`);
  // The verifier on the other page says the same.
  await page.click('a[href="./"]');
  await trust("cameras", file("camera.pub", readFileSync(at("camera.pub"))));
  await give(file("edited.png", readFileSync(at("edited.png"))));
  assert.equal(await title(), "VERIFIED");
  quiet();
});

test("other files are a sentence in the editor, too", async () => {
  await page.goto(`${address}make.html`);
  await page.locator("#files:enabled").waitFor({ state: "attached" });
  const given = async (sentence, ...files) => {
    await page.setInputFiles("#files", files);
    await page.locator("#state.error", { hasText: sentence }).waitFor();
    assert.ok(await page.locator("#work").isHidden());
  };
  await given("This is a proof", file("edited.zkimg"));
  await given("not a picture", file("camera.pub"));
  await given("damaged or cut short", file("photo.negative", pinned("photo.negative").subarray(0, 900)));
  quiet();
});

test("how long it takes", async (t) => {
  await trust("cameras", file("camera.pub"));
  const timed = async () => {
    await page.evaluate(() => document.querySelector("#result").replaceChildren());
    const start = Date.now();
    await give(file("edited.png"), file("edited.zkimg"));
    await page.locator("#result h1").waitFor();
    return Date.now() - start;
  };
  const times = [await timed(), await timed(), await timed()];
  t.diagnostic(`first ${times[0]} ms, then ${times.slice(1).join(" ms, ")} ms`);
  assert.ok(times[2] < 30_000);
});
