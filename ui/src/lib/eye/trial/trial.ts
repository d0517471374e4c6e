// Reads the film of the example `web_frames` from the browser's fake camera, and tells how long that took.

import { PageCamera, readImage } from '..';

/** Times that the code is to be read after it came into view. */
const READS = 5;
/** The longest that all may take. */
const PATIENCE_MS = 60_000;

const video = document.querySelector('video')!;
const states: string[] = [];
const texts = new Set<string>();
const waits: number[] = [];
let inView: number | null = null;

function tell(where: string, words: string): void {
  void fetch(where, { method: 'POST', body: words });
}

/** Notes when the film's mark turns white: the frame with the code is the one that is shown then. */
function watch(): void {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const look = (): void => {
    context.drawImage(video, 8, 8, 1, 1, 0, 0, 1, 1);
    const marked = context.getImageData(0, 0, 1, 1).data[0]! > 128;
    if (!marked) inView = null;
    else inView ??= performance.now();
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}

async function fetched(name: string): Promise<Blob> {
  return (await fetch(name)).blob();
}

/** Whether all was read as it should be, and how long it took. */
async function finish(): Promise<void> {
  const expected = await (await fetched('camera.txt')).text();
  const image = await readImage(await fetched('card.bmp'));
  const right = [...texts].every((text) => text === expected) && image.length === 1 && image[0] === expected;
  const sorted = waits.toSorted((a, b) => a - b).map((wait) => wait.toFixed(0));
  const picture = `${video.videoWidth} × ${video.videoHeight}`;
  camera.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ended = states.at(-1) === 'off' && video.srcObject === null;
  tell(right && ended ? '/told' : '/failed', [
    `a code of ${expected.length} characters (${picture}) was read ${sorted.join(', ')} ms after it was in view`,
    `states: ${states.join(', ')}; texts ${texts.size}; the image: ${image.length}`,
  ].join('\n'));
}

const camera = new PageCamera({
  text(text) {
    if (inView !== null) waits.push(performance.now() - inView);
    texts.add(text);
    if (waits.length === READS) finish().catch((error: unknown) => tell('/failed', String(error)));
  },
  camera: ({ state, detail }) => {
    states.push(detail === null ? state : `${state} (${detail})`);
  },
  hint: (hint) => states.push(`hint ${hint}`),
});

camera.attach(video);
watch();
await camera.start(null);
setTimeout(() => tell('/failed', `${waits.length} reads only; ${states.join(', ')}`), PATIENCE_MS);
