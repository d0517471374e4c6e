import { expect, test } from 'vitest';
import { parseFrame } from './frame';

function message(seq: bigint, file: number[]): ArrayBuffer {
  const bytes = new Uint8Array(8 + file.length);
  new DataView(bytes.buffer).setBigUint64(0, seq, true);
  bytes.set(file, 8);
  return bytes.buffer;
}

test.each([
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x42, 0x4d, 0x00], 'image/bmp'],
])('a_picture_%j_comes_with_its_number_and_kind', async (file, type) => {
  const frame = parseFrame(message(0x1_0000_0002n, file));
  expect(frame?.seq).toBe(0x1_0000_0002);
  expect(frame?.image.type).toBe(type);
  expect([...new Uint8Array(await frame!.image.arrayBuffer())]).toEqual(file);
});

test.each([[new ArrayBuffer(0)], [new ArrayBuffer(8)], [new ArrayBuffer(3)]])('no_picture_is_no_frame', (empty) => {
  expect(parseFrame(empty)).toBeNull();
});
