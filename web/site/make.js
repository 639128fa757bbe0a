// The editor's page: a photo or a negative in, a recipe out, and a proof where that can be. Pictures are read by the worker alone; what is shown
// here of a file is text.
import { Box } from "./box.js";
import { Maker } from "./maker.js";
import { Recipe } from "./recipe.js";
import { LARGEST } from "./zkimg.js";

const $ = (id) => document.getElementById(id);

let maker = new Maker($("picture"));
let recipe;
/** The files that were given last: what is worked on, and the chain that came with it. */
let given;
/** Overlays, for a worker that begins anew. */
const overlays = new Map();
/** The edit whose box is drawn. */
let drawing;
/** What the whole recipe made last. */
let made;

const capital = (sentence) => sentence && sentence[0].toUpperCase() + sentence.slice(1);

function say(sentence, isError = false) {
  $("state").textContent = capital(sentence);
  $("state").classList.toggle("error", isError);
}

const sized = ({ width, height, channels }) => `${width} × ${height}${channels === 1 ? ", grey" : ""}`;

/** A file's name as a shell takes it, if it is a plain one. */
const plain = (name, otherwise) => (/^\w[\w.-]*$/.test(name) ? name : otherwise);

function command({ written }) {
  const { kind, file, chain } = given;
  const negative = plain(kind === "photo" ? `${file.name.replace(/\.\w+$/, "")}.negative` : file.name, "photo.negative");
  const after = kind === "handed on" ? [`--after ${plain(chain?.name ?? file.name.replace(/\.\w+$/, ".zkimg"), "desk.zkimg")}`] : [];
  const word = (text) => (/^[\w=x+.,:/%-]+$/.test(text) ? text : `'${text}'`);
  const edits = written ? written.map((text) => `--edit ${word(text)}`) : ["--recipe recipe.json"];
  return ["zkimg prove", negative, ...after, ...edits, "--out edited.png"].join(" ");
}

/** Until the preview is that of all edits as they stand, nothing that goes with an earlier one can be taken. */
function settled(isSettled) {
  $("command").classList.toggle("before", !isSettled);
  $("copy").disabled = $("save").disabled = $("prove").disabled = !isSettled;
}

/** Shows what the edits make: only the last wish is done, and one at a time. */
let wished = false, busy = false;
async function refresh() {
  wished = true;
  settled(false);
  if (busy) return;
  busy = true;
  while (wished) {
    wished = false;
    await show();
  }
  busy = false;
}

async function show() {
  if (!given) return;
  const text = recipe.text(drawing);
  const answer = await maker.ask("preview", { recipe: text });
  // Something has changed meanwhile, perhaps which edits are shown.
  if (wished) return;
  $("recipe").hidden = $("proof").hidden = $("stage").hidden = answer.error !== undefined;
  if (answer.error !== undefined) {
    const [, number, sentence] = /^edit (\d+): ([^]*)$/.exec(answer.error) ?? [];
    recipe.say(undefined, number && { number: Number(number), sentence: `${capital(sentence)}.` });
    stopDrawing();
    $("size").textContent = "";
    return say(number ? "" : `${answer.error}.`, true);
  }
  say("");
  if (drawing !== undefined) {
    $("size").textContent = `Before this edit: ${sized(answer.size)}. Draw the box with the pointer.`;
    return box.begin(answer.size, recipe.box(drawing), drawn);
  }
  made = { ...answer, text };
  recipe.say(answer.edits.map(({ words, size }) => `${capital(words)}: ${sized(size)}.`));
  const profile = given.profile.kind === "icc" ? ` Shown without its colour profile${given.profile.name === null ? "" : ` “${given.profile.name}”`}.` : "";
  $("size").textContent = `${sized(given.size)} becomes ${sized(answer.size)}.${profile}`;
  $("command").textContent = command(answer);
  $("prove").hidden = !answer.proof;
  if (answer.proof) $("prove").textContent = `Prove here (slow: about ${answer.proof.seconds} s)`;
  const profiled = answer.proof && given.profile.kind === "icc" ? "The published picture will have the photo's colour profile, whose name and bytes can tell the device." : "";
  $("refused").textContent = answer.refused ? `${capital(answer.refused)}.` : profiled;
  settled(true);
}

const box = new Box($("stage"), $("box"));

function stopDrawing() {
  drawing = undefined;
  box.end();
}

function drawn(area) {
  const at = drawing;
  stopDrawing();
  recipe.setBox(at, area);
}

/** A change is another picture: what was published is of the one before. */
function changed() {
  stopDrawing();
  unpublish();
  return refresh();
}

function unpublish() {
  URL.revokeObjectURL($("published").querySelector("a").href);
  $("published").hidden = true;
  $("doing").textContent = "";
}

async function lay(file) {
  if (file.size > LARGEST) return say("The file is longer than any that is read.", true);
  settled(false);
  overlays.set(file.name, file);
  const { error } = await maker.ask("lay", { file });
  if (error) return say(`${error}.`, true);
  await changed();
}

async function open(file, chain) {
  say("Reading …");
  settled(false);
  const answer = await maker.ask("open", { file, chain });
  if (answer.error !== undefined) {
    given = undefined;
    $("work").hidden = true;
    return say(`${answer.error}.`, true);
  }
  given = { ...answer, file, chain };
  $("work").hidden = false;
  await changed();
}

/** A file's first bytes, which say what it is, whatever it is called. */
async function begins(file, text) {
  const bytes = new Uint8Array(await file.slice(0, text.length).arrayBuffer());
  return [...text].every((c, i) => bytes[i] === c.charCodeAt(0));
}

async function take(list) {
  let file, chain;
  for (const one of list) {
    if (one.size > LARGEST) return say("The file is longer than any that is read.", true);
    if (await begins(one, "zkimgprf")) chain = one;
    else file = one;
  }
  // A chain that comes later belongs to the negative that is there.
  file ??= given?.file;
  if (file) await open(file, chain);
  else if (chain) say("This is a proof; give the negative that came with it, too, or check it on the other page.", true);
}

/** While it is proved, nothing else is asked of the worker. */
function prove(isProving) {
  $("edits").disabled = isProving;
  $("prove").disabled = isProving;
  $("files").disabled = isProving;
  $("cancel").hidden = $("progress").hidden = !isProving;
}

$("prove").addEventListener("click", async () => {
  const { seconds } = made.proof;
  const begun = performance.now();
  let doing = "reading parameters";
  const tick = () => {
    const past = (performance.now() - begun) / 1000;
    $("progress").max = seconds;
    $("progress").value = Math.min(past, seconds * 0.98);
    $("doing").textContent = `${capital(doing)}: ${past.toFixed(0)} s of about ${seconds} s.`;
  };
  unpublish();
  prove(true);
  tick();
  const clock = setInterval(tick, 200);
  const answer = await maker.ask("prove", { recipe: made.text }, (phase) => {
    doing = phase;
  });
  clearInterval(clock);
  prove(false);
  const took = ((performance.now() - begun) / 1000).toFixed(1);
  if (answer.error !== undefined) {
    $("doing").textContent = `${capital(answer.error)}.`;
    return;
  }
  const chain = given.kind === "handed on" ? " What others did before was not checked here: check the file on the other page before you publish it." : "";
  $("doing").textContent = `Proved in ${took} s, and your own part checked. The proof has ${answer.proof_bytes} bytes and is inside the picture; publish that file, and keep the negative.${chain}`;
  const link = $("published").querySelector("a");
  link.href = URL.createObjectURL(new Blob([answer.file], { type: "image/png" }));
  link.download = "edited.png";
  link.textContent = `Save edited.png (${sized(answer.size)}, ${Math.ceil(answer.file.length / 1000)} KB)`;
  $("published").hidden = false;
});

$("cancel").addEventListener("click", async () => {
  maker.stop();
  maker = new Maker($("picture"));
  for (const file of overlays.values()) await maker.ask("lay", { file });
  await open(given.file, given.chain);
});

$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("command").textContent);
    say("Copied.");
  } catch {
    say("This browser does not let the page copy; select the command, and copy it.", true);
  }
});

$("save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${made.text}\n`], { type: "application/json" }));
  link.download = "recipe.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

$("add").addEventListener("click", async () => {
  const { edit, error } = await maker.ask("begin", { op: $("kinds").value, edits: recipe.edits() });
  if (error !== undefined) return say(`${error}.`, true);
  recipe.add(edit);
});

$("files").addEventListener("change", async ({ target }) => {
  const files = [...target.files];
  // The same file can be chosen again.
  target.value = "";
  await take(files);
});
for (const name of ["dragover", "drop", "dragleave"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    $("drop").classList.toggle("over", name === "dragover");
    if (name === "drop" && !$("files").disabled) take([...event.dataTransfer.files]);
  });
}

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || drawing === undefined) return;
  stopDrawing();
  refresh();
});

const { edits, error } = await maker.ask("edits");
if (error !== undefined) say(`${error}.`, true);
else {
  recipe = new Recipe($("list"), edits, {
    changed,
    lay,
    drag: (number) => {
      drawing = number;
      refresh();
    },
  });
  $("kinds").replaceChildren(...edits.map(({ name, summary }) => new Option(`${name.replaceAll("_", " ")}: ${summary.replaceAll("`", "")}`, name)));
  $("files").disabled = false;
}
