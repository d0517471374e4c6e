import type { Picture } from './messages';

/** Milliseconds between frames where the browser does not say when one comes. */
const TIMER_MS = 50;

let canvas: HTMLCanvasElement | null = null;

/** The picture that a video shows now, as cheaply as this browser can; null where there is none yet. */
export async function grab(video: HTMLVideoElement): Promise<Picture | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
  if (typeof VideoFrame !== 'undefined') return new VideoFrame(video, { timestamp: 0 });
  if (typeof OffscreenCanvas !== 'undefined') return createImageBitmap(video);
  canvas ??= document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  context?.drawImage(video, 0, 0);
  return context?.getImageData(0, 0, canvas.width, canvas.height) ?? null;
}

/** Calls back for every frame that a video shows until it is told to end. */
export function everyFrame(video: HTMLVideoElement, back: () => void): () => void {
  if (!('requestVideoFrameCallback' in video)) {
    const timer = setInterval(back, TIMER_MS);
    return () => clearInterval(timer);
  }
  let handle = 0;
  const again = (): void => {
    handle = video.requestVideoFrameCallback(again);
    back();
  };
  handle = video.requestVideoFrameCallback(again);
  return () => video.cancelVideoFrameCallback(handle);
}
