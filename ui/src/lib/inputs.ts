import type { Desk } from './desk.svelte';
import { BURST_KEYS, LONGEST_GAP_MS, Wedge } from './wedge';

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Tab', 'Dead']);

/** Ways into the window besides the camera: keyboard, hardware scanner, clipboard, dropped files. */
export class Inputs {
  private readonly wedge = new Wedge();
  private burst = false;
  private leaving = 0;

  constructor(private readonly desk: Desk) {}

  keydown(event: KeyboardEvent): void {
    if (isField(event.target)) return;
    const { typed, keys } = this.wedge.press(event);
    this.burst = keys >= BURST_KEYS;
    if (this.burst) swallow(event);
    if (typed) void this.desk.submit(typed.text, typed.notice);
    else if (keys < 2 && dismisses(event) && this.desk.verdict) this.leave(keys);
    if (keys > 1) clearTimeout(this.leaving);
  }

  /** A key that may begin a scan leaves the verdict on the screen until it is clear that it was alone. */
  private leave(keys: number): void {
    clearTimeout(this.leaving);
    const verdict = this.desk.verdict;
    const leave = () => verdict === this.desk.verdict && this.desk.dismiss();
    this.leaving = window.setTimeout(leave, keys === 0 ? 0 : LONGEST_GAP_MS);
  }

  /** A button acts when its key is let go: not within a scan. */
  keyup(event: KeyboardEvent): void {
    if (this.burst && !isField(event.target)) swallow(event);
  }

  paste(event: ClipboardEvent): void {
    if (isField(event.target)) return;
    event.preventDefault();
    const image = imageIn(event.clipboardData);
    if (image) void this.desk.scanImage(image);
    else void this.desk.submit(event.clipboardData?.getData('text/plain') ?? '');
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    for (const file of files) void this.desk.scanImage(file);
    if (files.length === 0) void this.desk.submit(event.dataTransfer?.getData('text/plain') ?? '');
  }
}

function imageIn(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'));
}

/** Where keys are a person's own: a field that takes text. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, select, input:not([type=checkbox], [type=range])');
}

function dismisses(event: KeyboardEvent): boolean {
  const combination = event.ctrlKey || event.altKey || event.metaKey;
  return !event.repeat && !combination && !MODIFIERS.has(event.key) && !(event.target instanceof HTMLButtonElement);
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
