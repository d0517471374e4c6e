import { parseFrame } from './frame';
import { shell } from './shell';

/**
 * Pictures of one decoder, some minutes of them. WebKitGTK 2.50 remembers for a document's life every address that it
 * loaded a picture from, some 250 bytes each, and every picture here has its own: so each decoder has a document.
 */
const PICTURES = 4000;

/** How long to wait, in milliseconds, before asking again when there was no picture. */
const IDLE_MS = 120;

/**
 * Draws the camera's pictures, each as it came, until the signal says stop.
 * The next is asked for only when one is drawn, so none ever queues up; the
 * shell answers as soon as it has a newer one.
 */
export async function play(canvas: HTMLCanvasElement, signal: AbortSignal, drawn: () => void): Promise<void> {
  const decoders = new Decoders(canvas.ownerDocument);
  let after: number | null = null;
  try {
    while (!signal.aborted) {
      const frame = parseFrame(await shell.preview(after).catch(() => new ArrayBuffer(0)));
      if (signal.aborted) return;
      if (frame === null) {
        await pause(IDLE_MS);
        continue;
      }
      after = frame.seq;
      if (await draw(canvas, decoders.next(), frame.image)) drawn();
    }
  } finally {
    decoders.close();
  }
}

/** Image elements in empty frames that nobody sees; a frame goes with what its document remembers. */
class Decoders {
  #frame: HTMLIFrameElement | undefined;
  #decoder: HTMLImageElement | undefined;
  #left = 0;

  constructor(private readonly page: Document) {}

  next(): HTMLImageElement {
    if (!this.#decoder || this.#left === 0) {
      this.close();
      this.#frame = this.page.createElement('iframe');
      this.#frame.hidden = true;
      this.page.body.append(this.#frame);
      this.#decoder = (this.#frame.contentDocument ?? this.page).createElement('img');
      this.#left = PICTURES;
    }
    this.#left -= 1;
    return this.#decoder;
  }

  close(): void {
    this.#frame?.remove();
    [this.#frame, this.#decoder] = [undefined, undefined];
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
