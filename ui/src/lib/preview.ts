import { parseFrame } from './frame';
import { shell } from './shell';

/** How long to wait, in milliseconds, before asking again when there was no picture. */
const IDLE_MS = 120;

/**
 * Draws the camera's pictures, each as it came, until the signal says stop.
 * The next is asked for only when one is drawn, so none ever queues up; the
 * shell answers as soon as it has a newer one.
 */
export async function play(canvas: HTMLCanvasElement, signal: AbortSignal, drawn: () => void): Promise<void> {
  let after: number | null = null;
  while (!signal.aborted) {
    const frame = parseFrame(await shell.preview(after).catch(() => new ArrayBuffer(0)));
    if (signal.aborted) return;
    if (frame === null) {
      await pause(IDLE_MS);
      continue;
    }
    after = frame.seq;
    if (await draw(canvas, frame.image)) drawn();
  }
}

async function draw(canvas: HTMLCanvasElement, image: Blob): Promise<boolean> {
  const bitmap = await createImageBitmap(image).catch(() => null);
  if (bitmap === null) return false;
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
  }
  canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return true;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
