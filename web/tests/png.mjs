// The pixels of a PNG of 8 bits, grey or RGB, not interlaced, as the tool writes it: red, green, blue and 255 each.
import { inflateSync } from "node:zlib";

export function pixels(file) {
  const chunks = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    chunks.push([file.toString("latin1", at + 4, at + 8), file.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  const [, header] = chunks.find(([name]) => name === "IHDR");
  const [width, height, colours] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 0 ? 1 : 3];
  const rows = inflateSync(Buffer.concat(chunks.filter(([name]) => name === "IDAT").map(([, data]) => data)));
  const line = width * colours;
  const all = new Uint8Array(4 * width * height).fill(255);
  let before = new Uint8Array(line);
  for (let y = 0; y < height; y++) {
    const [filter, ...row] = rows.subarray(y * (line + 1), (y + 1) * (line + 1));
    for (let i = 0; i < line; i++) {
      const [a, b, c] = [row[i - colours] ?? 0, before[i], before[i - colours] ?? 0];
      const p = a + b - c;
      const [da, db, dc] = [a, b, c].map((n) => Math.abs(p - n));
      const paeth = da <= db && da <= dc ? a : db <= dc ? b : c;
      row[i] = (row[i] + [0, a, b, (a + b) >> 1, paeth][filter]) & 255;
    }
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) all[4 * (y * width + x) + c] = row[colours * x + Math.min(c, colours - 1)];
    }
    before = Uint8Array.from(row);
  }
  return { width, height, pixels: all };
}
