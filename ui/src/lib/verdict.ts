import type { SubmissionView } from './types/station';

/** How a verdict's screen looks: its colour, its icon and its word. */
export type Tone = 'accepted' | 'refused' | 'cannot_tell' | 'not_recorded';

/**
 * Green needs both: accepted, and a log entry on disk. A verdict that is not
 * green anyway keeps its tone when the log fails; the screen says so besides.
 */
export function toneOf(submission: SubmissionView): Tone {
  if (submission.verdict !== 'accepted') return submission.verdict;
  return recorded(submission) ? 'accepted' : 'not_recorded';
}

/** Whether the check stands in the log. */
export function recorded(submission: SubmissionView): boolean {
  return submission.log_error === null && submission.entry !== null;
}

/** How long a verdict stays on the screen, in seconds: as long as it takes to compare or to explain. */
export function secondsShown(submission: SubmissionView): number {
  if (toneOf(submission) === 'accepted') return 8;
  return submission.pass === null ? 10 : 15;
}
