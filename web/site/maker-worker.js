// The editor and prover away from the page. What is secret is read here, from the file that the page names, and stays here: what goes back are
// words, sizes, and what is published. The preview is drawn from here on a canvas of the page.
import { compiling, part, sentence } from "./loading.js";
import { making } from "./maker-core.js";

const compiled = compiling("zkimg-maker.wasm");
/** More pixels on a side are not drawn. */
const LONGEST = 1600;

let canvas;
/** What was opened last, and the overlays, to be given again to a new instance. */
let given;
const overlays = new Map();
/** The instance that has them. */
let studio;
let proving;

const read = async (file) => new Uint8Array(await file.arrayBuffer());

async function opened() {
  const made = await making(await compiled(), part, (phase) => postMessage({ id: proving, phase }));
  for (const [name, file] of overlays) {
    try {
      made.lay(name, await read(file));
    } catch {
      // It has changed or gone since it was chosen; the recipe says so where it is used.
      overlays.delete(name);
    }
  }
  const answer = given ? made.open(await read(given.file), given.chain && (await read(given.chain))) : {};
  if (answer.error === undefined) studio = made;
  return answer;
}

const ready = async () => {
  if (!studio) await opened();
  if (!studio) throw new Error("there is no picture yet; give a photo or a negative");
  return studio;
};

async function draw({ width, height }, pixels) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const picture = await createImageBitmap(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
}

const tasks = {
  async edits() {
    return (await making(await compiled(), part)).edits();
  },
  open({ file, chain }) {
    given = { file, chain };
    studio = undefined;
    return opened();
  },
  async lay({ file }) {
    const answer = studio ? studio.lay(file.name, await read(file)) : {};
    if (answer.error === undefined) overlays.set(file.name, file);
    return answer;
  },
  async begin({ op, edits }) {
    return (await ready()).begin(op, edits);
  },
  async preview({ recipe }) {
    const { pixels, ...answer } = (await ready()).preview(recipe);
    if (pixels) await draw(answer.size, pixels);
    return answer;
  },
  async prove({ recipe, id }) {
    proving = id;
    return (await ready()).prove(recipe);
  },
};

/** One thing at a time, in the order in which they were asked. */
let before = Promise.resolve();
addEventListener("message", ({ data }) => {
  if (data.canvas) {
    canvas = data.canvas;
    return;
  }
  before = before.then(async () => {
    let answer;
    try {
      answer = await tasks[data.task](data);
    } catch (fault) {
      // After a trap nothing of the instance is used again.
      studio = undefined;
      answer = { error: sentence(fault, "editor") };
    }
    postMessage({ id: data.id, answer }, answer.file ? [answer.file.buffer] : []);
  });
});
