/** Milliseconds that one frame may be looked at: many times what an ordinary one takes here, within bounds. */
const TIMES = 8;
const LEAST_BUDGET_MS = 40;
const MOST_BUDGET_MS = 200;
/** How much one frame counts in the running mean. */
const WEIGHT = 0.1;
/** The share of time that a frame's work is followed by in rest: a phone at work all the time gets hot and slow. */
const REST = 0.4;
/** A worker that owes an answer for so long has died. */
const LOST_MS = 4000;

/** When the next frame may be looked at, and for how long: one at a time, the newest, never a queue. */
export class Pace {
  #mean = LEAST_BUDGET_MS / TIMES;
  #sentAt: number | null = null;
  #freeAt = 0;

  /** Whether a frame that is there now is to be looked at. Times are milliseconds on one clock. */
  isFree(now: number): boolean {
    return this.#sentAt === null && now >= this.#freeAt;
  }

  /** Whether an answer has been owed for too long. */
  isLost(now: number): boolean {
    return this.#sentAt !== null && now - this.#sentAt > LOST_MS;
  }

  /** Milliseconds for the next frame. */
  get budgetMs(): number {
    return Math.min(Math.max(this.#mean * TIMES, LEAST_BUDGET_MS), MOST_BUDGET_MS);
  }

  sent(now: number): void {
    this.#sentAt = now;
  }

  /** An answer came; looking took so many milliseconds. */
  answered(now: number, tookMs: number): void {
    this.#mean += (Math.min(tookMs, MOST_BUDGET_MS) - this.#mean) * WEIGHT;
    this.#sentAt = null;
    this.#freeAt = now + tookMs * REST;
  }

  /** Whatever was sent is given up. */
  reset(): void {
    this.#sentAt = null;
    this.#freeAt = 0;
  }
}
