import { expect, test } from 'vitest';
import { submission } from './fixtures.test-data';
import { recorded, secondsShown, toneOf } from './verdict';

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

test('every_verdict_leaves_the_screen_by_itself', () => {
  for (const verdict of ['accepted', 'refused', 'cannot_tell'] as const) {
    expect(secondsShown(submission({ verdict }))).toBeGreaterThan(3);
  }
});
