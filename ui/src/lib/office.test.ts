import { beforeEach, expect, test, vi } from 'vitest';
import { Office } from './office.svelte';
import { shell } from './shell';

vi.mock('./shell', async (original) => ({ ...(await original<typeof import('./shell')>()), shell: { unlock: vi.fn(), lock: vi.fn(), setFirstPin: vi.fn() } }));
const asked = vi.mocked(shell);

const PINS = { inspector: true, admin: true };

function office() {
  return new Office(async () => {});
}

beforeEach(() => {
  vi.useFakeTimers();
  for (const command of [asked.unlock, asked.lock, asked.setFirstPin]) command.mockReset().mockResolvedValue();
});

test('the_first_admin_chooses_a_pin_and_is_let_in_with_it', async () => {
  const room = office();
  room.ask('admin', { inspector: false, admin: false });
  expect(room.asked).toEqual({ role: 'admin', first: true });
  expect(await room.enter('271828')).toBe(true);
  expect(asked.setFirstPin).toHaveBeenCalledWith('271828');
  expect(asked.unlock).not.toHaveBeenCalled();
  expect(room.role).toBe('admin');
});

test('an_inspector_without_a_pin_is_sent_to_the_admin', () => {
  const room = office();
  room.ask('inspector', { inspector: false, admin: true });
  expect(room.problem).toBe('no_pin');
});

test('a_wait_is_counted_down_and_then_over', async () => {
  const room = office();
  asked.unlock.mockRejectedValue({ problem: 'blocked', detail: '', wait: 3 });
  room.ask('inspector', PINS);
  expect(await room.enter('1379')).toBe(false);
  expect([room.role, room.problem, room.wait]).toEqual([null, 'blocked', 3]);
  vi.advanceTimersByTime(2000);
  expect(room.wait).toBe(1);
  vi.advanceTimersByTime(5000);
  expect(room.wait).toBe(0);
});

test('a_role_that_was_locked_meanwhile_is_asked_for_again_and_nothing_of_it_stays_open', async () => {
  const room = office();
  room.ask('inspector', PINS);
  await room.enter('1379');
  const answer = await room.attempt(() => Promise.reject({ problem: 'locked', detail: '' }));
  expect(answer).toEqual({ failure: { problem: 'locked', detail: '' } });
  expect([room.role, room.asked?.role]).toEqual([null, 'inspector']);
});

test('one_roles_wait_is_not_the_others', async () => {
  const room = office();
  asked.unlock.mockRejectedValueOnce({ problem: 'blocked', detail: '', wait: 3600 });
  room.ask('inspector', PINS);
  await room.enter('1379');
  room.ask('admin', PINS);
  expect(room.wait).toBe(0);
  vi.advanceTimersByTime(2000);
  expect(room.wait).toBe(0);
  expect(await room.enter('271828')).toBe(true);
});

test('whoever_gave_up_while_the_pin_was_looked_at_is_not_let_in', async () => {
  const room = office();
  let answer: () => void = () => {};
  asked.unlock.mockImplementationOnce(() => new Promise((done) => (answer = () => done())));
  room.ask('admin', PINS);
  const entered = room.enter('271828');
  room.forget();
  answer();
  expect(await entered).toBe(false);
  expect([room.role, asked.lock.mock.calls.length]).toEqual([null, 1]);
});

test('leaving_locks_whether_or_not_the_shell_answers', async () => {
  const room = office();
  room.ask('admin', PINS);
  await room.enter('1379');
  asked.lock.mockRejectedValue('gone');
  await room.leave();
  expect(room.role).toBeNull();
});
