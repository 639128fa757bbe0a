/** An edit as a recipe has it: `op` and its parameters. */
export interface Edit {
  op: string;
  [parameter: string]: unknown;
}

export interface Size {
  width: number;
  height: number;
  channels: 1 | 3;
}

/** A kind of edit and its parameters, as `zkimg edits --json` has it. */
export interface Kind {
  name: string;
  summary: string;
  example: string;
  parameters: { name: string; meaning: string; range: string; optional: boolean; choices: string[] }[];
}

/** An answer, or a sentence that says why there is none. */
export type Or<Answer> = (Answer & { error?: undefined }) | { error: string };

export interface Opened {
  kind: "photo" | "negative" | "handed on";
  size: Size;
  profile: { kind: "none" | "srgb" | "icc"; sha256: string | null; name: string | null };
  /** Why it cannot be proved here; null if it can. */
  refused: string | null;
}

export interface Preview {
  size: Size;
  /** What each edit does, and the size after it. */
  edits: { words: string; size: Size }[];
  /** The edits as words of `zkimg prove --edit`; null if there is an overlay, whose file the recipe names. */
  written: string[] | null;
  /** What proving would take; null if it is refused. */
  proof: { seconds: number; memory_mb: number } | null;
  refused: string | null;
  /** Red, green, blue and 255 of each pixel: those that the tool makes. */
  pixels: Uint8Array;
}

export interface Published {
  size: Size;
  proof_bytes: number;
  /** A PNG with the proof inside. */
  file: Uint8Array;
}

export interface Making {
  edits(): { edits: Kind[] };
  open(file: Uint8Array, chain?: Uint8Array): Or<Opened>;
  lay(name: string, file: Uint8Array): Or<object>;
  begin(op: string, edits: Edit[]): Or<{ edit: Edit }>;
  /** `recipe` is the text of a recipe's file. */
  preview(recipe: string): Or<Preview>;
  prove(recipe: string): Promise<Or<Published>>;
}

/**
 * An instance of the module that edits and proves; `part` gives parameters by the names of their files, `told` hears what is being done. It holds what is opened
 * until it is let go: run it in a worker of its own.
 */
export function making(module: WebAssembly.Module, part: (name: string) => Promise<Uint8Array>, told?: (phase: string) => void): Promise<Making>;
