/** A picture of the camera as the shell sends it. */
export interface PreviewFrame {
  seq: number;
  image: Blob;
}

/** Bytes before the image file: the frame's number, 64 bits, little-endian. */
const HEADER_BYTES = 8;

/** Takes a preview message apart; `null` where there is no newer frame. */
export function parseFrame(message: ArrayBuffer): PreviewFrame | null {
  if (message.byteLength <= HEADER_BYTES) return null;
  const seq = Number(new DataView(message).getBigUint64(0, true));
  const file = new Uint8Array(message, HEADER_BYTES);
  const type = file[0] === 0xff ? 'image/jpeg' : 'image/bmp';
  return { seq, image: new Blob([file], { type }) };
}
