import type { SubmissionView } from './types/station';

/** A submission for tests; what is not named is that of an accepted, logged pass. */
export function submission(parts: Partial<SubmissionView>): SubmissionView {
  return {
    verdict: 'accepted',
    reason: 'accepted',
    stage: 'rules',
    evidence: {},
    pass: null,
    entry: 0,
    log_error: null,
    at: '2026-05-12T09:00:00Z',
    seen_before: null,
    uses: null,
    ...parts,
  };
}
