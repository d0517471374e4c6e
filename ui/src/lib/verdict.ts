import type { Settings, SubmissionView } from './types/station';

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

/** How long a verdict stays on the screen, in seconds: as the station's admin has set it. */
export function secondsShown(submission: SubmissionView, settings: Pick<Settings, 'accepted_seconds' | 'refused_seconds'>): number {
  return toneOf(submission) === 'accepted' ? settings.accepted_seconds : settings.refused_seconds;
}

/** How many minutes ago the same person was accepted here, where that is within the time that the admin has set. */
export function minutesSince(submission: SubmissionView): number | null {
  if (submission.seen_before === null) return null;
  const past = Date.parse(submission.at) - Date.parse(submission.seen_before);
  return Number.isNaN(past) ? null : Math.max(0, Math.floor(past / 60_000));
}
