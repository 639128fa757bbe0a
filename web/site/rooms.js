// An instance of a WebAssembly module, without anything of a browser: files go into its rooms, answers come out.

/** Makes a new instance: what one file does to its memory is gone with it. */
export async function instance(module, imports = {}) {
  const { exports } = await WebAssembly.instantiate(module, imports);
  /** Bytes of its memory, until it is called again. */
  const view = (start, length) => new Uint8Array(exports.memory.buffer, start >>> 0, length);
  const put = (room, bytes) => {
    const start = exports.zkimg_room(room, bytes.length);
    if (start === 0) throw new Error("there is not enough memory in this browser for these files");
    view(start, bytes.length).set(bytes);
  };
  const say = (room, text) => put(room, new TextEncoder().encode(text));
  const answer = () => JSON.parse(new TextDecoder().decode(view(exports.zkimg_answer(), exports.zkimg_answer_length())));
  /** Calls, gives the parameters that the answer says are missing, and calls again. */
  const supplied = async (call, room, part) => {
    call();
    const first = answer();
    if (!first.missing) return first;
    for (const [place, bytes] of (await Promise.all(first.missing.map(part))).entries()) {
      put(room, bytes);
      if (exports.zkimg_give(place) !== 1) return { error: "the parameters are not those that this program was built for; load the page again" };
    }
    call();
    return answer();
  };
  return { exports, view, put, say, answer, supplied };
}
