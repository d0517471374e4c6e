// Measures the module in a worker: the median milliseconds of idle and of reading frames, as a page would see them.

import { Scanner } from './scanner.js';
import { frames, scan } from './frames.js';

/** Scans of each frame: first until the browser has compiled the module for good, then measured. */
const WARM = 12;
const MEASURED = 16;

async function read(name) {
  const response = await fetch(name);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

function quantile(times, share) {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)];
}

async function measure(kind, video) {
  const all = await frames(kind, read);
  const scanner = await Scanner.load('qr_simd.wasm', { video });
  all.forEach((frame) => scan(scanner, frame, WARM));
  const times = all.flatMap((frame) => scan(scanner, frame, MEASURED));
  const [least, half, most] = [0, 0.5, 0.95].map((share) => quantile(times, share).toFixed(2));
  const { width, height } = all[0];
  return `${kind}, ${video ? 'video' : 'single'}: median ${half} ms, least ${least}, p95 ${most} (${width} × ${height}, all read right)`;
}

const lines = [];
for (const [kind, video] of [['idle', true], ['idle', false], ['reading', true], ['reading', false]]) {
  lines.push(await measure(kind, video));
}
postMessage([navigator.userAgent, ...lines].join('\n'));
