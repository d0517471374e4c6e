/** Where a camera looks: at whoever holds the device, or away. */
export type Facing = 'user' | 'environment';

/** Which camera is wanted: one by its id, or any that looks this way; null leaves it to what was used last. */
export type Choice = { deviceId?: string; facing?: Facing } | null;

/** Small modules need pixels; more of them cost time on slow phones. */
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/**
 * What to ask the browser for, the likeliest to succeed last: a camera that was unplugged or whose id the browser has
 * changed must not keep another from being used.
 */
export function requests(choice: Choice, remembered: string | null): MediaStreamConstraints[] {
  const facing = { ...SIZE, facingMode: { ideal: choice?.facing ?? 'environment' } };
  const id = choice?.deviceId ?? (choice?.facing === undefined ? remembered : null);
  const videos = id === null || id === '' ? [facing] : [{ ...SIZE, deviceId: { exact: id } }, facing];
  return videos.map((video) => ({ video, audio: false }));
}

/** Where a camera looks by its own word, else as it was asked for; a camera that knows nothing of it looks away. */
export function facingOf(said: string | undefined, choice: Choice): Facing {
  if (said === 'user' || said === 'environment') return said;
  return choice?.facing ?? 'environment';
}

/** What a camera can do beyond the standard's first part (Image Capture). */
export interface Abilities {
  focusMode?: string[];
  torch?: boolean;
  zoom?: { min?: number; max?: number; step?: number };
}

/** How far a camera's zoom goes, in its own units, and where it is. */
export interface Zoom {
  min: number;
  max: number;
  step: number;
  value: number;
}

/** The zoom of a camera that says so, at `value` or the nearest that it can. */
export function zoomOf({ zoom }: Abilities, value: number | null | undefined): Zoom | null {
  if (typeof zoom?.min !== 'number' || typeof zoom.max !== 'number' || !(zoom.max > zoom.min)) return null;
  const { min, max } = zoom;
  const step = typeof zoom.step === 'number' && zoom.step > 0 ? zoom.step : (max - min) / 100;
  return { min, max, step, value: Math.min(Math.max(value ?? min, min), max) };
}
