// Reads QR symbols out of luma frames with the WebAssembly module of qr-wasm; for a Web Worker.

/**
 * A symbol in a frame.
 * @typedef {object} Symbol
 * @property {string | null} text - Null where the payload's encoding is not known, or its bytes are not valid in it.
 * @property {boolean} new - Whether it came into view with this frame, as all of a single image did; of equal ones only
 *   the first is.
 * @property {[number, number][]} corners - In pixels: the symbol's own top left, top right, bottom right, bottom left.
 * @property {{ index: number, count: number } | null} part - Set where the symbol holds only a part of a message.
 * @property {string} [bytes] - All bytes of what has no text, as hexadecimal digits.
 */

/**
 * What a frame showed: symbols, and why a code in view is not read (`too_dark`, `glare`, `dim_screen`, `too_far`,
 * `cut_off`, `hold_still`).
 * @typedef {{ symbols: Symbol[], hint: string | null }} Answer
 */

/** A module of one function that splats a vector: valid where the browser has SIMD. */
const VECTORS = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

/**
 * Whether this browser runs the module with SIMD: since 2021 to 2023, by browser.
 * @returns {boolean}
 */
export function hasSimd() {
  return WebAssembly.validate(VECTORS);
}

/**
 * The module at `source`: an address, or the module's bytes.
 * @param {string | URL | BufferSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source);
  }
  const response = await fetch(source);
  if (!response.ok) {
    throw new Error(`${source}: ${response.status}`);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A scanner: an instance of the module, with memory of its own. */
export class Scanner {
  #module;
  #video;
  #exports;

  /** How often the module died and was begun anew. */
  restarts = 0;

  /**
   * `video` is for a camera's frames, one after another; without it every frame gets all effort.
   * @param {WebAssembly.Module} module
   * @param {{ video?: boolean }} [options]
   */
  constructor(module, { video = true } = {}) {
    this.#module = module;
    this.#video = video;
    this.#exports = this.#begin();
  }

  /**
   * Compiles a module and begins.
   * @param {string | URL | BufferSource} source
   * @param {{ video?: boolean }} [options]
   * @returns {Promise<Scanner>}
   */
  static async load(source, options) {
    return new Scanner(await compile(source), options);
  }

  /**
   * Where to put a frame of `length` bytes for {@link Scanner.scan}: `VideoFrame.copyTo` can write it there. Ask anew
   * for every frame.
   * @param {number} length
   * @returns {Uint8Array}
   * @throws {RangeError} Above 24 MiB.
   */
  room(length) {
    const address = this.#exports.room(length);
    if (address === 0) {
      throw new RangeError(`a frame of ${length} bytes is too big`);
    }
    return new Uint8Array(this.#exports.memory.buffer, address, length);
  }

  /**
   * What the frame shows that lies in the room: `height` rows of `width` luma bytes, each row `stride` bytes after the
   * last. After `budget` milliseconds it returns soon, with what was read so far.
   * @param {number} width
   * @param {number} height
   * @param {{ stride?: number, budget?: number }} [options]
   * @returns {Answer}
   */
  scan(width, height, { stride = width, budget = Infinity } = {}) {
    try {
      const length = this.#exports.scan(width, height, stride, budget);
      const bytes = new Uint8Array(this.#exports.memory.buffer, this.#exports.answer(), length);
      const answer = JSON.parse(new TextDecoder().decode(bytes));
      answer.symbols.forEach((symbol) => (symbol.text ??= decode(symbol.pieces)));
      return answer;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) {
        throw error;
      }
      // A module that trapped is in no state to go on; the next frame finds a new one.
      this.restarts += 1;
      this.#exports = this.#begin();
      return { symbols: [], hint: null };
    }
  }

  /** @returns {any} */
  #begin() {
    const host = { now: () => performance.now() };
    const { exports } = new WebAssembly.Instance(this.#module, { host });
    /** @type {any} */ (exports).start(Number(this.#video));
    return exports;
  }
}

/**
 * Text of pieces: strings, or an encoding's name and bytes; null where there are none or one is not valid.
 * @param {(string | [string, string])[]} pieces
 * @returns {string | null}
 */
function decode(pieces) {
  /** @param {string} label @param {string} digits */
  const strict = (label, digits) => new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(fromHex(digits));
  try {
    return pieces.length === 0
      ? null
      : pieces.map((piece) => (typeof piece === 'string' ? piece : strict(...piece))).join('');
  } catch {
    return null;
  }
}

/**
 * Bytes from hexadecimal digits, two a byte.
 * @param {string} digits
 * @returns {Uint8Array}
 */
export function fromHex(digits) {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}
