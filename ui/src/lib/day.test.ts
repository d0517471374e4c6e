import { expect, test } from 'vitest';
import { dayAfter, dayOf, spanOf } from './day';

test('a_day_is_written_as_a_date_field_has_it', () => {
  expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});

test.each([
  ['2026-12-31', 1, '2027-01-01'],
  ['2028-03-01', -1, '2028-02-29'],
  ['2026-03-29', 1, '2026-03-30'],
  ['2026-02-30', 1, '2026-02-30'],
  ['', 1, ''],
])('the_day_%s_and_%i_is_%s', (day, days, expected) => {
  expect(dayAfter(day, days)).toBe(expected);
});

test('a_span_holds_both_its_days_whatever_the_clocks_do', () => {
  const span = spanOf('2026-03-28', '2026-03-30');
  expect(new Date((span?.from ?? 0) * 1000).getHours()).toBe(0);
  expect(dayOf(new Date((span?.until ?? 0) * 1000))).toBe('2026-03-31');
});

test.each([['', '2026-01-01'], ['2026-01-01', '2026-13-01'], ['2026-02-29', '2026-03-01'], ['x', 'y']])(
  'no_day_is_no_span (%s to %s)',
  (from, to) => expect(spanOf(from, to)).toBeNull(),
);
