import { expect, test } from 'vitest';
import { MELODIES, VIBRATIONS } from './signal';

const VERDICTS = ['accepted', 'refused', 'cannot_tell'] as const;

test('each_verdict_has_a_melody_and_a_vibration_of_its_own', () => {
  const distinct = (of: (tone: (typeof VERDICTS)[number]) => unknown) => new Set(VERDICTS.map((tone) => JSON.stringify(of(tone)))).size;
  expect(distinct((tone) => MELODIES[tone].notes.map(({ pitch }) => pitch))).toBe(3);
  expect(distinct((tone) => MELODIES[tone].timbre)).toBe(3);
  expect(distinct((tone) => VIBRATIONS[tone])).toBe(3);
});

test('melodies_differ_in_direction_and_not_in_pitch_alone', () => {
  const direction = (tone: (typeof VERDICTS)[number]) => {
    const [first, second] = MELODIES[tone].notes;
    return Math.sign((second?.pitch ?? 0) - (first?.pitch ?? 0));
  };
  expect(VERDICTS.map(direction)).toEqual([1, -1, 0]);
});

test('notes_are_in_order_audible_on_a_phone_and_over_within_a_second', () => {
  for (const { notes } of Object.values(MELODIES)) {
    notes.forEach(({ pitch, from, until }, at) => {
      expect(until - from).toBeGreaterThan(0.05);
      expect(from).toBeGreaterThanOrEqual(notes[at - 1]?.until ?? 0);
      expect(pitch).toBeGreaterThan(300);
      expect(pitch).toBeLessThan(2000);
    });
    expect(notes.at(-1)?.until).toBeLessThan(1);
  }
});
