/** What the camera is doing; the names are the shell's. */
export type State =
  | 'off' | 'opening' | 'running' | 'no_camera' | 'no_permission' | 'busy' | 'unplugged' | 'stalled' | 'failed';

/** All that decides what is done next. */
export interface Situation {
  state: State;
  /** Whether somebody wants the camera. */
  wanted: boolean;
  /** Whether the page is hidden: the camera is let go meanwhile. */
  hidden: boolean;
  /** Failures since the camera last ran. */
  failures: number;
}

export type Event =
  | { kind: 'start' | 'stop' | 'hidden' | 'shown' | 'opened' | 'ended' | 'silent' | 'devices' | 'retry' }
  | { kind: 'failed'; state: State };

/** What to do: open the camera (anew), or let it go; and after how many milliseconds to try again. */
export interface Step {
  now: Situation;
  act: 'open' | 'close' | null;
  retryMs: number | null;
}

export const AT_FIRST: Situation = { state: 'off', wanted: false, hidden: false, failures: 0 };

/** The first wait after a failure; it doubles up to the last. */
const FIRST_WAIT_MS = 1000;
const LAST_WAIT_MS = 15_000;
/** States in which trying again by oneself may help. Permission is the user's to give: asking again would nag. */
const TRIES_AGAIN: readonly State[] = ['no_camera', 'busy', 'unplugged', 'stalled', 'failed'];

/** What an event changes. Nothing else decides when the camera is opened and let go. */
export function next(before: Situation, event: Event): Step {
  switch (event.kind) {
    case 'start':
      return begin({ ...before, wanted: true, failures: 0 });
    case 'stop':
      return { now: { ...before, wanted: false, state: 'off' }, act: 'close', retryMs: null };
    case 'hidden':
      return { now: { ...before, hidden: true, state: 'off' }, act: 'close', retryMs: null };
    case 'shown':
      return begin({ ...before, hidden: false, failures: 0 });
    case 'opened':
      return stay(before.state === 'opening' ? { ...before, state: 'running', failures: 0 } : before);
    case 'ended':
      return before.state === 'running' ? fail(before, 'unplugged') : stay(before);
    case 'silent':
      return before.state === 'running' ? fail(before, 'stalled') : stay(before);
    case 'failed':
      return before.state === 'opening' ? fail(before, event.state) : stay(before);
    case 'devices':
    case 'retry':
      return TRIES_AGAIN.includes(before.state) ? begin(before) : stay(before);
  }
}

function begin(before: Situation): Step {
  if (!before.wanted || before.hidden) return stay(before);
  return { now: { ...before, state: 'opening' }, act: 'open', retryMs: null };
}

function stay(now: Situation): Step {
  return { now, act: null, retryMs: null };
}

function fail(before: Situation, state: State): Step {
  const failures = before.failures + 1;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LAST_WAIT_MS);
  return { now: { ...before, state, failures }, act: 'close', retryMs: TRIES_AGAIN.includes(state) ? wait : null };
}

/** The state that a rejected getUserMedia means (Media Capture and Streams, §10). */
export function stateOf(error: unknown): State {
  switch (error instanceof Error || error instanceof DOMException ? error.name : '') {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no_camera';
    case 'NotAllowedError':
    case 'SecurityError':
      return 'no_permission';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
