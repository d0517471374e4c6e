import { expect, test } from 'vitest';
import { LEAST_SHOWN_MS, Queue } from './queue';

test('the_first_verdict_is_shown_at_once', () => {
  const queue = new Queue<string>();
  queue.push('a', 0);
  expect(queue.current).toBe('a');
});

test('a_verdict_can_be_read_before_the_next_takes_its_place', () => {
  const queue = new Queue<string>();
  queue.push('a', 0);
  queue.push('b', 10);
  expect([queue.current, queue.waiting]).toEqual(['a', ['b']]);
  queue.turn(LEAST_SHOWN_MS - 1);
  expect(queue.current).toBe('a');
  queue.turn(LEAST_SHOWN_MS);
  expect([queue.current, queue.waiting]).toEqual(['b', []]);
});

test('the_next_person_s_code_takes_the_place_of_a_verdict_that_was_seen', () => {
  const queue = new Queue<string>();
  queue.push('a', 0);
  queue.push('b', LEAST_SHOWN_MS + 1);
  expect(queue.current).toBe('b');
});

test('dismissing_shows_what_waits_and_then_nothing', () => {
  const queue = new Queue<string>();
  queue.push('a', 0);
  queue.push('b', 1);
  queue.dismiss(2);
  expect(queue.current).toBe('b');
  queue.dismiss(3);
  expect(queue.current).toBeNull();
});

test('a_verdict_without_a_next_one_stays', () => {
  const queue = new Queue<string>();
  queue.push('a', 0);
  queue.turn(1_000_000);
  expect(queue.current).toBe('a');
});

test('memory_is_bounded', () => {
  const queue = new Queue<number>();
  for (let number = 0; number < 1000; number += 1) queue.push(number, 0);
  expect(queue.waiting.length).toBeLessThan(100);
  expect(queue.waiting.at(-1)).toBe(999);
});
