// The two places where this program makes more than text of a text, for browsers that ask (Trusted Types): the verifier's own markup, and
// the worker's own address.

const itself = { createHTML: (markup) => markup, createScriptURL: (address) => `${address}` };

export const trusted = globalThis.trustedTypes?.createPolicy("zkimg-report", itself) ?? itself;
