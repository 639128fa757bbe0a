/** A file that the reader has. */
export interface File {
  name: string;
  bytes: Uint8Array;
}

/** Public keys in PEM, one or a list, under the reader's name for them. */
export interface Key {
  name: string;
  pem: string;
}

/** An area of the original, in its pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
  channels: 1 | 3;
}

/** As `zkimg verify --json` has it. */
export interface Report {
  verdict: "trusted" | "untrusted" | "unchecked" | "invalid";
  checks: { name: string; detail: string; passed: boolean }[];
  /** The camera's key; null if no camera signed. */
  device: string | null;
  /** Who signed the photo: a camera, or a notary, with what they say of the Content Credentials that they checked. */
  source: {
    kind: "device" | "notary";
    key: string;
    decoder: string | null;
    credentials: {
      library: string;
      state: "invalid" | "valid" | "trusted";
      accepted: string[];
      anchors: string;
      checked: number;
      signer: string | null;
      algorithm: string;
      source_type: string | null;
      action: string | null;
      more_actions: boolean;
      ingredients: boolean;
      only_manifest_excluded: boolean;
      is_capture: boolean;
    } | null;
    not_proved: string[];
  };
  /** The root that was signed: the same in everything that starts from this capture. */
  capture: string;
  captured: number | null;
  /** What is shown of the photo's EXIF data, and what stands behind it; nothing unless all of the file holds. */
  shown: { field: string; title: string; value: string; standing: "camera" | "notary" | "covered" | "not_covered" }[];
  original: Size;
  published: Size | null;
  hidden: boolean;
  profile: { kind: "none" | "srgb" | "icc"; sha256: string | null; name: string | null };
  placement: {
    part: Area;
    share: number;
    up: "top" | "right" | "bottom" | "left";
    mirrored: boolean;
    covered: { area: Area; with: "colour" | "blocks" | "picture" }[];
  } | null;
  links: {
    number: number;
    name: string | null;
    note: string | null;
    signer: { key: string; known_as: string | null } | null;
    confirmed: boolean;
    edits: object[];
    words: string[];
    output: Size;
    hidden: boolean;
  }[];
  form: "list" | "compact" | null;
  security_bits: number;
}

/** A report, with the same as a piece of a page and as a file of its own; or a sentence that says why there is none. */
export type Answer = { report: Report; page: string; document: string; error?: undefined } | { error: string; report?: undefined };

/** Checks a picture and its proof in a worker. Nothing leaves the device. */
export function verify(files: { picture?: File; proof?: File }, trust?: { cameras?: Key[]; notaries?: Key[]; people?: Key[] }): Promise<Answer>;

/** An answer's `page` as nodes, for a page that has `report.css`. */
export function nodes(page: string): Node[];

/** Fetches a file without cookies and without saying from where. */
export function fetched(address: string): Promise<File>;

/** The longest file that is read, in bytes. */
export const LARGEST: number;
