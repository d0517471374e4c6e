import type { Picture } from './messages';

/** Where luma goes: room for so many bytes (`Scanner.room`). */
export type Room = (length: number) => Uint8Array;

/** Luma in the room. */
export interface Luma {
  width: number;
  height: number;
  stride: number;
}

/** Formats whose first plane is luma (WebCodecs, VideoPixelFormat), and those of four bytes a pixel. */
const PLANAR: readonly string[] = ['I420', 'I420A', 'I422', 'I444', 'NV12'];
const PACKED: readonly string[] = ['RGBA', 'RGBX', 'BGRA', 'BGRX'];

/** The widest and highest image that is looked at as it is: the reader's room ends soon after. */
const MOST_SIDE = 4096;

/** Puts a frame's luma into the room, by the shortest way that the frame has. The frame is not closed. */
export async function fill(picture: Picture, room: Room): Promise<Luma> {
  if ('copyTo' in picture) {
    const { format } = picture;
    if (format !== null && PLANAR.includes(format)) return fillFromPlane(picture, room);
    if (format !== null && PACKED.includes(format)) return fillFromPacked(picture, format, room);
  }
  return fillFromRgba('data' in picture ? picture : draw(picture), room);
}

async function fillFromPlane(frame: VideoFrame, room: Room): Promise<Luma> {
  const [{ width, height }, bytes] = [sizeOf(frame), room(frame.allocationSize())];
  const [plane] = await frame.copyTo(bytes);
  if (plane === undefined || plane.offset !== 0) throw new Error('a frame without its planes');
  return { width, height, stride: plane.stride };
}

async function fillFromPacked(frame: VideoFrame, format: string, room: Room): Promise<Luma> {
  const [{ width, height }, bytes] = [sizeOf(frame), new Uint8ClampedArray(frame.allocationSize())];
  const [plane] = await frame.copyTo(bytes);
  if (plane === undefined || plane.stride !== 4 * width) return fillFromRgba(draw(frame), room);
  toLuma(bytes, room(width * height), format.startsWith('B'));
  return { width, height, stride: width };
}

function fillFromRgba({ data, width, height }: ImageData, room: Room): Luma {
  toLuma(data, room(width * height), false);
  return { width, height, stride: width };
}

/** Luma of pixels of four bytes (ITU-R BT.601, in 256ths), red first or, where `swapped`, blue. */
export function toLuma(pixels: Uint8ClampedArray, luma: Uint8Array, swapped: boolean): void {
  const [first, last] = swapped ? [29, 77] : [77, 29];
  for (let to = 0, from = 0; to < luma.length; to += 1, from += 4) {
    luma[to] = (pixels[from]! * first + pixels[from + 1]! * 150 + pixels[from + 2]! * last) >> 8;
  }
}

let canvas: OffscreenCanvas | null = null;

/** The pixels of a frame or an image, smaller where it is larger than the reader takes. */
function draw(picture: VideoFrame | ImageBitmap): ImageData {
  const full = sizeOf(picture);
  const scale = Math.min(1, MOST_SIDE / Math.max(full.width, full.height));
  const [width, height] = [Math.max(1, Math.floor(full.width * scale)), Math.max(1, Math.floor(full.height * scale))];
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('this browser cannot draw');
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function sizeOf(picture: VideoFrame | ImageBitmap): { width: number; height: number } {
  if ('width' in picture) return picture;
  const { width, height } = picture.visibleRect ?? { width: picture.codedWidth, height: picture.codedHeight };
  return { width, height };
}
