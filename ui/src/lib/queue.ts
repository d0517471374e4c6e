/** How long a verdict can be read, in milliseconds, before the next one takes its place. */
export const LEAST_SHOWN_MS = 1500;

/** The most verdicts that wait; beyond it the oldest waiting one gives way (all are in the log). */
const MOST_WAITING = 20;

/** Verdicts in the order of their scans: one on the screen, others waiting until it has been seen. */
export class Queue<T> {
  current: T | null = null;
  waiting: T[] = [];
  private since = 0;

  /** Takes a verdict in, at `now` (milliseconds). */
  push(item: T, now: number): void {
    this.waiting.push(item);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    this.turn(now);
  }

  /** Shows the next verdict if the present one has been on the screen long enough. */
  turn(now: number): void {
    if (this.waiting.length === 0) return;
    if (this.current === null || now - this.since >= LEAST_SHOWN_MS) this.dismiss(now);
  }

  /** Takes the present verdict off the screen; the next one, if any, takes its place. */
  dismiss(now: number): void {
    this.current = this.waiting.shift() ?? null;
    this.since = now;
  }
}
