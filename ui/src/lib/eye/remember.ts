import type { Memory } from '../preferences.svelte';

const REMEMBERED = 'propusk.eye';

/** What is remembered of cameras: which was used last, and the zoom of each. A lamp is always off at first. */
export interface Remembered {
  deviceId: string | null;
  zoom: Record<string, number>;
}

/** What is remembered; nothing where there is no storage, or no sense in it. */
export function recall(memory: Memory | null): Remembered {
  try {
    const kept: unknown = JSON.parse(memory?.getItem(REMEMBERED) ?? '{}');
    const { deviceId, zoom } = (kept ?? {}) as Record<string, unknown>;
    const zooms = Object.entries(zoom ?? {}).filter(([, value]) => Number.isFinite(value));
    return { deviceId: typeof deviceId === 'string' ? deviceId : null, zoom: Object.fromEntries(zooms) };
  } catch {
    return { deviceId: null, zoom: {} };
  }
}

/** Keeps what is to be remembered, where that can be done. */
export function remember(memory: Memory | null, remembered: Remembered): void {
  try {
    memory?.setItem(REMEMBERED, JSON.stringify(remembered));
  } catch {
    // Storage may be full or forbidden.
  }
}
