import { expect, test } from 'vitest';
import { facingOf, requests, zoomOf } from './choice';
import { Pace } from './pace';
import { fill, toLuma } from './pixels';
import { recall, remember } from './remember';
import { AT_FIRST, next, stateOf, type Event, type Situation } from './situation';

function facings(choice: Parameters<typeof requests>[0], remembered: string | null): unknown[] {
  return requests(choice, remembered).map(({ video }) => {
    const { deviceId, facingMode } = video as MediaTrackConstraints;
    return (deviceId as ConstrainDOMStringParameters)?.exact ?? (facingMode as ConstrainDOMStringParameters)?.ideal;
  });
}

test('the_camera_away_from_the_user_is_asked_for_unless_another_is_wanted_or_was_used', () => {
  expect(facings(null, null)).toEqual(['environment']);
  expect(facings(null, 'used')).toEqual(['used', 'environment']);
  expect(facings({ facing: 'user' }, 'used')).toEqual(['user']);
  expect(facings({ deviceId: 'chosen' }, 'used')).toEqual(['chosen', 'environment']);
  expect(facings({ deviceId: 'chosen', facing: 'user' }, null)).toEqual(['chosen', 'user']);
  expect(requests(null, null).every(({ audio }) => audio === false)).toBe(true);
});

test.each([
  [{}, null],
  [{ zoom: { min: 1, max: 1 } }, null],
  [{ zoom: { min: 1, max: 5, step: 0.5 } }, { min: 1, max: 5, step: 0.5, value: 1 }],
  [{ zoom: { min: 100, max: 300 } }, { min: 100, max: 300, step: 2, value: 100 }],
])('zoom_is_what_the_camera_says_and_within_it %j', (abilities, expected) => {
  expect(zoomOf(abilities, null)).toEqual(expected);
  expect(zoomOf(abilities, 1e9)?.value).toBe(expected?.max);
});

/** What happens one after another, as the state and what is done after each. */
function run(events: (Event | Exclude<Event['kind'], 'failed'>)[]): string[] {
  let now: Situation = AT_FIRST;
  return events.map((event) => {
    const step = next(now, typeof event === 'string' ? { kind: event } : event);
    now = step.now;
    return [now.state, step.act, step.retryMs].filter((part) => part !== null).join(' ');
  });
}

const failed = (state: Situation['state']): Event => ({ kind: 'failed', state });

test.each<[string, Parameters<typeof run>[0], string[]]>([
  ['opens_and_stops', ['start', 'opened', 'stop', 'devices', 'shown'], ['opening open', 'running', 'off close', 'off', 'off']],
  ['a_hidden_page_lets_the_camera_go', ['start', 'opened', 'hidden', 'shown', 'opened'],
    ['opening open', 'running', 'off close', 'opening open', 'running']],
  ['nothing_opens_while_hidden', ['hidden', 'start', 'devices', 'shown'], ['off close', 'off', 'off', 'opening open']],
  ['what_is_hidden_while_opening_stays_closed', ['start', 'hidden', 'opened', 'retry'],
    ['opening open', 'off close', 'off', 'off']],
  ['an_unplugged_camera_is_tried_again_when_devices_change', ['start', 'opened', 'ended', 'devices', 'opened'],
    ['opening open', 'running', 'unplugged close 1000', 'opening open', 'running']],
  ['a_stalled_camera_is_tried_again', ['start', 'opened', 'silent', 'retry'],
    ['opening open', 'running', 'stalled close 1000', 'opening open']],
  ['waits_grow', ['start', failed('busy'), 'retry', failed('busy'), 'retry', failed('busy')],
    ['opening open', 'busy close 1000', 'opening open', 'busy close 2000', 'opening open', 'busy close 4000']],
  ['permission_is_not_nagged_for', ['start', failed('no_permission'), 'retry', 'devices', 'start'],
    ['opening open', 'no_permission close', 'no_permission', 'no_permission', 'opening open']],
  ['a_late_failure_changes_nothing', ['start', 'opened', failed('failed')], ['opening open', 'running', 'running']],
])('%s', (_, events, expected) => {
  expect(run(events)).toEqual(expected);
});

test('waits_have_an_end', () => {
  const events = Array.from({ length: 20 }, () => [failed('no_camera'), 'retry'] as const).flat();
  expect(run(['start', ...events]).at(-2)).toBe('no_camera close 15000');
});

test.each([
  ['NotFoundError', 'no_camera'], ['OverconstrainedError', 'no_camera'], ['NotAllowedError', 'no_permission'],
  ['SecurityError', 'no_permission'], ['NotReadableError', 'busy'], ['AbortError', 'busy'], ['TypeError', 'failed'],
])('a_rejection_named_%s_is_%s', (name, state) => {
  expect(stateOf(new DOMException('', name))).toBe(state);
  expect(stateOf('no error at all')).toBe('failed');
});

test('one_frame_is_looked_at_at_a_time_and_rest_follows', () => {
  const pace = new Pace();
  expect(pace.isFree(0)).toBe(true);
  pace.sent(0);
  expect(pace.isFree(50)).toBe(false);
  pace.answered(100, 100);
  expect([pace.isFree(139), pace.isFree(140)]).toEqual([false, true]);
  pace.sent(200);
  expect([pace.isLost(4200), pace.isLost(4201)]).toEqual([false, true]);
  pace.reset();
  expect([pace.isLost(9999), pace.isFree(201)]).toEqual([false, true]);
});

test('slow_devices_get_more_time_a_frame_within_bounds', () => {
  const after = (took: number): number => {
    const pace = new Pace();
    for (let frame = 0; frame < 100; frame += 1) pace.answered(frame * 1000, took);
    return Math.round(pace.budgetMs);
  };
  expect([after(1), after(15), after(1000)]).toEqual([40, 120, 200]);
});

test('luma_weighs_colours_as_the_standard_does', () => {
  const pixels = new Uint8ClampedArray([255, 0, 0, 9, 0, 255, 0, 9, 0, 0, 255, 9, 255, 255, 255, 9]);
  const luma = new Uint8Array(4);
  toLuma(pixels, luma, false);
  expect([...luma]).toEqual([76, 149, 28, 255]);
  toLuma(pixels, luma, true);
  expect([...luma]).toEqual([28, 149, 76, 255]);
});

/** A frame of planes, as WebCodecs has them. */
function frame(format: string, size: { width: number; height: number }, stride: number): VideoFrame {
  const copyTo = async (room: Uint8Array | Uint8ClampedArray): Promise<PlaneLayout[]> => {
    room.fill(7);
    return [{ offset: 0, stride }];
  };
  const bytes = stride * size.height * (format === 'I420' ? 1.5 : 1);
  return { format, copyTo, visibleRect: size, allocationSize: () => bytes } as unknown as VideoFrame;
}

test.each([['I420', 6, 6], ['NV12', 4, 4], ['RGBA', 16, 4]])(
  'a_frame_of_%s_is_copied_with_its_stride', async (format, stride, expected) => {
    let room = new Uint8Array();
    const size = { width: 4, height: 2 };
    const luma = await fill(frame(format, size, stride), (length) => (room = new Uint8Array(length)));
    expect(luma).toEqual({ ...size, stride: expected });
    expect(room.slice(0, expected * 2).every((value) => value === 7)).toBe(true);
  },
);

test.each([null, '', 'no JSON', 'null', '7', '{"deviceId":7,"zoom":{"a":"b"}}'])(
  'nothing_sensible_in_storage_is_nothing_remembered %j', (kept) => {
    expect(recall({ getItem: () => kept, setItem: () => undefined })).toEqual({ deviceId: null, zoom: {} });
  },
);

test('cameras_are_remembered_where_there_is_storage_and_forgotten_where_there_is_none', () => {
  let kept: string | null = null;
  const memory = { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
  remember(memory, { deviceId: 'a', zoom: { a: 2 } });
  expect(recall(memory)).toEqual({ deviceId: 'a', zoom: { a: 2 } });
  const full = { getItem: () => { throw new Error('forbidden'); }, setItem: () => { throw new Error('full'); } };
  remember(full, { deviceId: 'a', zoom: {} });
  expect([recall(full), recall(null)]).toEqual(Array(2).fill({ deviceId: null, zoom: {} }));
});

test('a_camera_looks_where_it_says_and_else_where_it_was_asked_to', () => {
  expect(facingOf('user', { facing: 'environment' })).toBe('user');
  expect(facingOf(undefined, { facing: 'user' })).toBe('user');
  expect(facingOf('left', null)).toBe('environment');
  expect(facingOf(undefined, { deviceId: 'x' })).toBe('environment');
});
