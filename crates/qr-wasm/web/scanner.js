// Reads QR symbols out of luma frames with the WebAssembly module qr_wasm.wasm; for a Web Worker.

/**
 * A symbol in a frame.
 * @typedef {object} Symbol
 * @property {string | null} text - Null where the payload's encoding is not known.
 * @property {[number, number][]} corners - In pixels: the symbol's own top left, top right, bottom right, bottom left.
 * @property {{ index: number, count: number } | null} part - Set where the symbol holds only a part of a message.
 */

/** A scanner: an instance of the module, with memory of its own. */
export class Scanner {
  #module;
  #video;
  #exports;

  /** How often the module died and was begun anew. */
  restarts = 0;

  /**
   * Use {@link Scanner.load}.
   * @param {WebAssembly.Module} module
   * @param {boolean} video
   */
  constructor(module, video) {
    this.#module = module;
    this.#video = video;
    this.#begin();
  }

  /**
   * Compiles the module at `source`: an address, or the module's bytes. `video` is for a camera's frames, one after
   * another; without it every frame gets all effort.
   * @param {string | URL | BufferSource} source
   * @param {{ video?: boolean }} [options]
   * @returns {Promise<Scanner>}
   */
  static async load(source, { video = true } = {}) {
    const bytes = source instanceof ArrayBuffer || ArrayBuffer.isView(source);
    const module = bytes ? await WebAssembly.compile(source) : await WebAssembly.compileStreaming(fetch(source));
    return new Scanner(module, video);
  }

  /**
   * Where to put a frame of `length` bytes for {@link Scanner.scan}: `VideoFrame.copyTo` can write it there. Ask anew
   * for every frame.
   * @param {number} length
   * @returns {Uint8Array}
   * @throws {RangeError} Above 16 MiB.
   */
  room(length) {
    const address = this.#exports.room(length);
    if (address === 0) {
      throw new RangeError(`a frame of ${length} bytes is too big`);
    }
    return new Uint8Array(this.#exports.memory.buffer, address, length);
  }

  /**
   * The symbols in the frame that lies in the room: `height` rows of `width` luma bytes, each row `stride` bytes after
   * the last. After `budget` milliseconds it returns soon, with what was read so far.
   * @param {number} width
   * @param {number} height
   * @param {{ stride?: number, budget?: number }} [options]
   * @returns {Symbol[]}
   */
  scan(width, height, { stride = width, budget = Infinity } = {}) {
    try {
      const length = this.#exports.scan(width, height, stride, budget);
      const answer = new Uint8Array(this.#exports.memory.buffer, this.#exports.answer(), length);
      return JSON.parse(new TextDecoder().decode(answer));
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) {
        throw error;
      }
      // A module that trapped is in no state to go on; the next frame finds a new one.
      this.restarts += 1;
      this.#begin();
      return [];
    }
  }

  #begin() {
    const host = { now: () => performance.now() };
    this.#exports = new WebAssembly.Instance(this.#module, { host }).exports;
    this.#exports.start(Number(this.#video));
  }
}
