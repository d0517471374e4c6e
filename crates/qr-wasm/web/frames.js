// The frames that speed is measured on, as `cargo xtask wasm` lays them beside this file.

/** Frames of each kind. */
const COUNT = 8;

/**
 * A binary PGM file: `P5`, width, height, 255, each followed by one whitespace character, then the luma.
 * @param {Uint8Array} file
 */
function parse(file) {
  const [, width, height] = new TextDecoder('latin1').decode(file.subarray(0, 32)).split(/\s/).map(Number);
  return { width, height, luma: file.subarray(file.length - width * height) };
}

/**
 * The frames of a kind, `idle`, `reading` or `encoded`, with the text of each; `read` gives a file's bytes, or null.
 * @param {string} kind
 * @param {(name: string) => Promise<Uint8Array | null>} read
 * @param {number} [count]
 */
export async function frames(kind, read, count = COUNT) {
  const all = [];
  for (let number = 0; number < count; number += 1) {
    const [picture, text] = [await read(`${kind}-${number}.pgm`), await read(`${kind}-${number}.txt`)];
    if (picture === null) {
      throw new Error(`${kind}-${number}.pgm is missing`);
    }
    all.push({ ...parse(picture), texts: text === null ? [] : [new TextDecoder('utf-8', { ignoreBOM: true }).decode(text)] });
  }
  return all;
}

/**
 * Scans a frame several times, as a camera held still would, and demands that it gives its text and no other; the
 * milliseconds that each scan took, copying included.
 * @param {import('./scanner.js').Scanner} scanner
 * @param {number} times - In a video one scan may pass over what the next one reads.
 */
export function scan(scanner, { width, height, luma, texts }, times) {
  const read = new Set();
  const took = Array.from({ length: times }, () => {
    const start = performance.now();
    scanner.room(luma.length).set(luma);
    const { symbols } = scanner.scan(width, height);
    const end = performance.now();
    symbols.forEach(({ text }) => read.add(text));
    return end - start;
  });
  const [got, wanted] = [[...read], texts].map((words) => JSON.stringify(words));
  if (got !== wanted) {
    throw new Error(`read ${got.slice(0, 60)} instead of ${wanted.slice(0, 60)}`);
  }
  return took;
}
