// The reader's own lists, kept in this browser.

const PLACE = "zkimg-trust";
export const KINDS = ["cameras", "notaries", "people"];
const empty = () => ({ cameras: [], notaries: [], people: [] });
const isKey = (key) => typeof key?.name === "string" && typeof key?.pem === "string";

/** @returns {{cameras: {name: string, pem: string}[], notaries: {name: string, pem: string}[], people: {name: string, pem: string}[]}} */
export function lists() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE)) ?? {};
    return Object.fromEntries(KINDS.map((kind) => [kind, (kept[kind] ?? []).filter(isKey)]));
  } catch {
    return empty();
  }
}

function keep(all) {
  localStorage.setItem(PLACE, JSON.stringify(all));
}

/** Adds a key, or a list of them. Many are called camera.pub: another one of that name gets a number. */
export function add(kind, name, pem) {
  const all = lists();
  if (all[kind].some((key) => key.pem === pem)) return;
  let free = name;
  for (let i = 2; all[kind].some((key) => key.name === free); i++) free = `${name} (${i})`;
  all[kind].push({ name: free, pem });
  keep(all);
}

export function remove(kind, name) {
  const all = lists();
  all[kind] = all[kind].filter((key) => key.name !== name);
  keep(all);
}

/** Whether a text is a public key, or a list of them. */
export function isPublic(text) {
  return text.includes("-----BEGIN PUBLIC KEY-----") && !text.includes("PRIVATE KEY-----");
}
