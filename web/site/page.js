// The page: files in, the verdict out. What it shows of a file is text, or markup that the verifier wrote.
import { LARGEST, fetched, nodes, verify } from "./zkimg.js";
import { KINDS, add, isPublic, lists, remove } from "./trust.js";

const $ = (id) => document.getElementById(id);
const state = $("state"), result = $("result"), shown = $("shown"), keep = $("keep");

/** The files that were given last, so that either may come alone. */
let given = {};
let saved = "";
/** Only the last check may show its answer. */
let turn = 0;

function say(sentence, isError = false) {
  state.textContent = sentence && sentence[0].toUpperCase() + sentence.slice(1);
  state.classList.toggle("error", isError);
}

function clear() {
  result.replaceChildren();
  URL.revokeObjectURL(shown.querySelector("img").src);
  shown.hidden = keep.hidden = true;
  say("");
}

async function look() {
  const mine = ++turn;
  clear();
  say("Checking …");
  const { report, page, document: whole, error } = await verify(given, lists());
  if (mine !== turn) return;
  if (error) return say(`${error}.`, true);
  say("");
  result.replaceChildren(...nodes(page));
  saved = whole;
  keep.hidden = false;
  if (given.picture && (report.verdict === "trusted" || report.verdict === "untrusted")) {
    shown.querySelector("img").src = URL.createObjectURL(new Blob([given.picture.bytes], { type: kind(given.picture.bytes) }));
    shown.querySelector("figcaption").textContent = "The picture that was checked.";
    shown.hidden = false;
  }
}

/** Of what is shown as a picture only these two are: no file can be markup. */
const kind = (bytes) => (bytes[0] === 0xff ? "image/jpeg" : "image/png");

const begins = (bytes, text) => [...text].every((c, i) => bytes[i] === c.charCodeAt(0));

/** Sorts files by what they are, whatever they are called. */
function sort(files) {
  for (const file of files) {
    if (begins(file.bytes, "zkimgprf")) given.proof = file;
    else if (begins(file.bytes, "zkimgans")) throw new Error("this is a model's answer, which the command-line tool checks: zkimg verify");
    else if (begins(file.bytes, "zkimgneg") || begins(file.bytes, "zkimgmod")) {
      throw new Error("this is a secret file, which belongs to its owner alone; give the picture and its .zkimg file");
    } else if (begins(file.bytes, "-----BEGIN ")) throw new Error("this is a key; if you trust whose it is, add it below");
    else given.picture = file;
  }
}

async function take(list) {
  const files = [...list];
  if (files.length === 0) return;
  try {
    if (files.some((file) => file.size > LARGEST)) throw new Error("the file is longer than any that is read");
    // A picture that comes with its proof, or alone, is a new question.
    if (files.length > 1 || (given.picture && given.proof)) given = {};
    sort(await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }))));
    await look();
  } catch (fault) {
    turn++;
    clear();
    say(`${fault.message}.`, true);
  }
}

function showLists() {
  const all = lists();
  for (const kind of KINDS) {
    const lines = all[kind].map(({ name }) => {
      const line = document.createElement("li");
      const label = document.createElement("bdi");
      label.textContent = name;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Remove";
      button.addEventListener("click", () => {
        remove(kind, name);
        changed();
      });
      line.append(label, button);
      return line;
    });
    if (lines.length === 0) {
      lines.push(document.createElement("li"));
      lines[0].textContent = "Nobody yet.";
    }
    $(kind).replaceChildren(...lines);
  }
}

/** Another list may mean another verdict. */
function changed() {
  showLists();
  if (given.proof || given.picture) return look();
}

for (const input of document.querySelectorAll(".add input")) {
  input.addEventListener("change", async () => {
    let refused;
    for (const file of [...input.files]) {
      const text = file.size < 1 << 20 ? await file.text() : "";
      if (isPublic(text)) add(input.dataset.kind, file.name, text);
      else refused = file.name;
    }
    // The same file can be chosen again.
    input.value = "";
    await changed();
    if (refused !== undefined) say(`${refused}: this is not a public key; give the .pub file.`, true);
  });
}

$("files").addEventListener("change", async ({ target }) => {
  await take(target.files);
  target.value = "";
});
for (const name of ["dragover", "drop", "dragleave"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    $("drop").classList.toggle("over", name === "dragover");
    if (name === "drop") take(event.dataTransfer.files);
  });
}

$("save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([saved], { type: "text/html" }));
  link.download = "zkimg-report.html";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
$("print").addEventListener("click", () => print());

/** `#picture=…&proof=…`: the reader is asked first, as whoever has the files learns that somebody looks. */
function linked() {
  const link = new URLSearchParams(location.hash.slice(1));
  const picture = link.get("picture");
  $("linked").hidden = !picture;
  if (!picture) return;
  const proof = link.get("proof");
  let host = "an address that cannot be read";
  try {
    host = new URL(picture, location.href).host;
  } catch {
    // It is refused when it is fetched.
  }
  $("linked").querySelector("span").textContent = `This link names a picture at ${host}.`;
  $("linked").querySelector("button").onclick = async () => {
    turn++;
    clear();
    say("Fetching …");
    try {
      given = { picture: await fetched(picture) };
      // Otherwise it is inside the picture.
      if (proof) given.proof = await fetched(proof);
      await look();
    } catch (fault) {
      say(`${fault.message}.`, true);
    }
  };
}
addEventListener("hashchange", linked);

showLists();
linked();
