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
  const decoder = new Image();
  let after: number | null = null;
  while (!signal.aborted) {
    const frame = parseFrame(await shell.preview(after).catch(() => new ArrayBuffer(0)));
    if (signal.aborted) return;
    if (frame === null) {
      await pause(IDLE_MS);
      continue;
    }
    after = frame.seq;
    if (await draw(canvas, decoder, frame.image)) drawn();
  }
}

/**
 * Decodes by an image element: WebKitGTK 2.50 keeps some 4 KB for good of every
 * picture that `createImageBitmap` decodes from a blob, hundreds of megabytes an hour.
 */
async function draw(canvas: HTMLCanvasElement, decoder: HTMLImageElement, file: Blob): Promise<boolean> {
  const url = URL.createObjectURL(file);
  try {
    decoder.src = url;
    await decoder.decode();
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
  if (canvas.width !== decoder.naturalWidth || canvas.height !== decoder.naturalHeight) {
    canvas.width = decoder.naturalWidth;
    canvas.height = decoder.naturalHeight;
  }
  canvas.getContext('2d', { alpha: false })?.drawImage(decoder, 0, 0);
  return true;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
