import { expect, test } from 'vitest';
import { submission } from './fixtures.test-data';
import { minutesSince, recorded, secondsShown, toneOf } from './verdict';

test('accepted_and_logged_is_the_only_green', () => {
  expect(toneOf(submission({}))).toBe('accepted');
  for (const verdict of ['refused', 'cannot_tell'] as const) expect(toneOf(submission({ verdict }))).toBe(verdict);
});

test.each([{ log_error: 'disk full' }, { entry: null }, { log_error: 'disk full', entry: null }])(
  'accepted_without_a_log_entry_is_never_green %j',
  (fault) => {
    expect(toneOf(submission(fault))).toBe('not_recorded');
    expect(recorded(submission(fault))).toBe(false);
  },
);

test('a_refusal_stays_a_refusal_when_the_log_fails', () => {
  expect(toneOf(submission({ verdict: 'refused', log_error: 'disk full', entry: null }))).toBe('refused');
});

test('a_verdict_stays_as_long_as_the_admin_set', () => {
  const settings = { accepted_seconds: 4, refused_seconds: 12 };
  expect(secondsShown(submission({}), settings)).toBe(4);
  for (const not_green of [{ verdict: 'refused' }, { verdict: 'cannot_tell' }, { log_error: 'disk full' }] as const) {
    expect(secondsShown(submission(not_green), settings)).toBe(12);
  }
});

test.each([
  [null, null],
  ['2026-05-12T08:57:01Z', 2],
  ['2026-05-12T09:00:00Z', 0],
  ['2026-05-12T09:00:30Z', 0],
  ['soon', null],
])('the_same_person_seen_at_%s_was_here_%s_minutes_before', (seen_before, minutes) => {
  expect(minutesSince(submission({ at: '2026-05-12T09:00:00Z', seen_before }))).toBe(minutes);
});
