// Has the module read every frame under Node.js, refuse what it must, and go on after it died.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Scanner, hasSimd } from './scanner.js';
import { frames, scan } from './frames.js';

/** The module: its file's name. */
const [, , MODULE] = process.argv;
/** Codes in character sets of their own, as the example `web_frames` draws them. */
const ENCODED = 34;
/** The largest frame in bytes. */
const MOST = 3 * 2 ** 23;

const read = (name) => readFile(name).then((bytes) => new Uint8Array(bytes), () => null);
const module = await read(MODULE);

for (const video of [false, true]) {
  const scanner = await Scanner.load(module, { video });
  const all = [...(await frames('idle', read)), ...(await frames('reading', read))];
  all.forEach((frame) => scan(scanner, frame, video ? 12 : 1));
  console.log(`${video ? 'video' : 'single'}: ${all.length} frames read as they should be`);
}

assert(hasSimd(), 'this Node.js has SIMD, and the probe has to say so');
assert.equal(WebAssembly.validate(module), true);

const encoded = await frames('encoded', read, ENCODED);
for (const { width, height, luma, texts } of encoded) {
  const scanner = await Scanner.load(module, { video: false });
  scanner.room(luma.length).set(luma);
  const { symbols } = scanner.scan(width, height);
  assert.equal(symbols.length, 1);
  assert.equal(symbols[0].text, texts[0] ?? null);
}
console.log(`${encoded.length} character sets: as the tables of Rust have them`);

const scanner = await Scanner.load(module);
assert.throws(() => scanner.room(MOST + 1), RangeError);
assert.equal(scanner.room(100).length, 100);
assert.deepEqual(scanner.scan(11, 10).symbols, [], 'a frame beyond the room');
const [frame] = await frames('reading', read);
scanner.room(frame.luma.length).set(frame.luma);
assert(scanner.scan(frame.width, frame.height, { budget: 0 }).symbols.length <= 1);
assert.equal(scanner.restarts, 0);
scan(scanner, frame, 12);

// A module like ours that dies at every scan: types, functions, memory, exports, code.
const I32 = 0x7f;
const F64 = 0x7c;
const name = (word) => [word.length, ...new TextEncoder().encode(word)];
const section = (id, items) => [id, items.flat().length + 1, items.length, ...items.flat()];
const unreachable = [3, 0, 0x00, 0x0b];
const zero = [4, 0, 0x41, 0, 0x0b];
const mortal = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [[0x60, 1, I32, 0], [0x60, 1, I32, 1, I32], [0x60, 4, I32, I32, I32, F64, 1, I32], [0x60, 0, 1, I32]]),
  ...section(3, [[0], [1], [2], [3]]),
  ...section(5, [[0, 1]]),
  ...section(7, [
    ...['start', 'room', 'scan', 'answer'].map((word, index) => [...name(word), 0, index]),
    [...name('memory'), 2, 0],
  ]),
  ...section(10, [[2, 0, 0x0b], zero, unreachable, zero]),
]);
const dying = await Scanner.load(mortal);
assert.deepEqual([dying.scan(1, 1).symbols, dying.scan(1, 1).symbols, dying.restarts], [[], [], 2]);
console.log('budgets, refusals and deaths: as they should be');
