import { beforeEach, expect, test, vi } from 'vitest';
import { Desk } from './desk.svelte';
import { submission } from './fixtures.test-data';
import { Preferences } from './preferences.svelte';
import { shell, type Happening } from './shell';
import type { Status } from './types/station';

vi.mock('./shell', async (original) => {
  const commands = ['device', 'listen', 'status', 'cameras', 'cameraStart', 'cameraStop', 'demoStart', 'demoShow', 'samples', 'submit', 'keysReceive', 'witnessReceive'];
  return { ...(await original<typeof import('./shell')>()), shell: Object.fromEntries(commands.map((name) => [name, vi.fn()])) };
});
const asked = vi.mocked(shell);

/** What the page was told by the shell, by whoever calls it. */
let tell: (happening: Happening) => void;

beforeEach(() => {
  vi.useFakeTimers();
  for (const command of Object.values(asked)) command.mockReset();
  asked.device.mockResolvedValue({ page_camera: false, demo_camera: false });
  asked.listen.mockImplementation(async (heard) => void (tell = heard));
  asked.status.mockImplementation(async () => ({ station: 'now' }) as Status);
  asked.samples.mockResolvedValue([]);
  asked.cameras.mockResolvedValue([{ id: 'b', name: 'B' }]);
});

async function opened(): Promise<Desk> {
  const desk = new Desk(new Preferences(null));
  desk.begin();
  await vi.advanceTimersByTimeAsync(10);
  return desk;
}

test('a_verdict_that_comes_while_the_screen_is_somebody_elses_is_never_shown', async () => {
  const desk = await opened();
  await desk.pause(true);
  tell({ verdict: submission({}) });
  expect(desk.verdict).toBeNull();
  await desk.pause(false);
  expect(desk.verdict).toBeNull();
  tell({ verdict: submission({}) });
  expect(desk.verdict).not.toBeNull();
});

test('an_overtaken_answer_is_passed_over', async () => {
  const desk = await opened();
  let late: (status: Status) => void = () => {};
  asked.status.mockImplementationOnce(() => new Promise((answer) => (late = answer)));
  const first = desk.refresh();
  asked.status.mockResolvedValueOnce({ station: 'second' } as Status);
  await desk.refresh();
  late({ station: 'first' } as Status);
  await first;
  expect(desk.status?.station).toBe('second');
});

test('a_station_that_does_not_answer_is_told_and_what_was_known_stays', async () => {
  const desk = await opened();
  asked.status.mockRejectedValueOnce({ problem: 'shell', detail: 'gone' });
  await desk.refresh();
  expect([desk.status?.station, desk.failure?.detail]).toEqual(['now', 'gone']);
});

test.each([
  ['a_camera_that_was_off_stays_off', (desk: Desk) => desk.turnOff(), [0, 0]],
  ['the_demo_camera_comes_back_with_what_it_showed', (desk: Desk) => desk.startDemo('all'), [0, 1]],
  ['the_chosen_camera_comes_back', (desk: Desk) => desk.chooseCamera('b'), [1, 0]],
])('after_the_office_%s', async (_, choose, [cameras, demos]) => {
  const desk = await opened();
  await choose(desk);
  const shown = desk.sample;
  await desk.pause(true);
  asked.cameraStart.mockClear();
  asked.demoStart.mockClear();
  await desk.pause(false);
  expect([asked.cameraStart.mock.calls.length, asked.demoStart.mock.calls.length]).toEqual([cameras, demos]);
  expect(desk.sample).toBe(shown);
  if (cameras) expect(asked.cameraStart).toHaveBeenCalledWith('b');
});

test('a_remembered_camera_that_is_gone_is_no_reason_to_see_nothing', async () => {
  const desk = await opened();
  await desk.chooseCamera('unplugged');
  expect(asked.cameraStart).toHaveBeenLastCalledWith(null);
});

test('whoever_leaves_while_keys_are_waited_for_leaves_the_camera_on', async () => {
  const desk = await opened();
  await desk.pause(true);
  await desk.receiveKeys(true);
  let answer: () => void = () => {};
  asked.keysReceive.mockImplementationOnce(() => new Promise((answered) => (answer = answered)));
  const ended = desk.receiveKeys(false);
  await desk.pause(false);
  asked.cameraStop.mockClear();
  answer();
  await ended;
  expect(asked.cameraStop).not.toHaveBeenCalled();
});

test('keys_are_waited_for_no_longer_though_the_shell_does_not_answer', async () => {
  const desk = await opened();
  await desk.pause(true);
  await desk.receiveKeys(true);
  asked.cameraStop.mockClear();
  asked.keysReceive.mockRejectedValueOnce({ problem: 'shell', detail: 'gone' });
  await desk.receiveKeys(false).catch(() => {});
  expect(asked.cameraStop).toHaveBeenCalledOnce();
});

test('a_code_that_is_no_cosignature_is_told_and_none_is_kept_once_nobody_waits', async () => {
  const desk = await opened();
  await desk.pause(true);
  tell({ answer: 'early' });
  expect(desk.answer).toBeNull();
  await desk.receiveAnswer(true);
  tell({ answer: null });
  expect(desk.answer).toEqual({ text: null });
  tell({ answer: 'signed' });
  expect(desk.answer).toEqual({ text: 'signed' });
  asked.cameraStop.mockClear();
  await desk.receiveAnswer(false);
  expect([desk.answer, asked.cameraStop.mock.calls.length]).toEqual([null, 1]);
});
