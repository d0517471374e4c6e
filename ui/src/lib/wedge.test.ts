import { expect, test } from 'vitest';
import { Wedge, type Press } from './wedge';

const TEXT = 'HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5';

/** Types keys with a pause between two, and returns what the wedge made of the last one. */
function type(keys: { key: string; code?: string; shift?: boolean }[], gap: number, wedge = new Wedge()) {
  let told = wedge.press(press({ key: 'Shift' }, 0));
  keys.forEach((key, index) => (told = wedge.press(press(key, 1000 + index * gap))));
  return told;
}

function press({ key, code = '', shift = false }: { key: string; code?: string; shift?: boolean }, timeStamp: number): Press {
  return { key, code, shiftKey: shift, ctrlKey: false, altKey: false, metaKey: false, timeStamp };
}

function keysOf(text: string) {
  return [...text, 'Enter'].map((key) => ({ key }));
}

/** The keys that a scanner presses on a US keyboard for `text`, and what a host with another layout makes of them. */
function pressed(text: string, host: (us: string) => string) {
  const places: Record<string, [string, boolean]> = {
    ':': ['Semicolon', true], '+': ['Equal', true], '*': ['Digit8', true], '.': ['Period', false], ' ': ['Space', false],
  };
  const keys = [...text].map((us) => {
    const [code, shift] = places[us] ?? (/\d/.test(us) ? [`Digit${us}`, false] : [`Key${us}`, true]);
    return { key: host(us), code: code as string, shift: shift as boolean };
  });
  return [...keys, { key: 'Enter', code: 'Enter' }];
}

test('fast_keys_that_end_with_enter_are_a_scan', () => {
  expect(type(keysOf(TEXT), 5).typed).toEqual({ text: TEXT, notice: null });
});

test('slow_keys_are_a_person', () => {
  const told = type(keysOf(TEXT), 150);
  expect(told.typed).toBeNull();
  expect(told.keys).toBe(0);
});

test('a_scan_that_hiccups_is_still_one_scan', () => {
  const wedge = new Wedge();
  const times = [...TEXT].map((_, at) => at * 10 + (at > 20 ? 300 : 0));
  [...TEXT].forEach((key, at) => wedge.press(press({ key }, times[at] ?? 0)));
  expect(wedge.press(press({ key: 'Enter' }, 900)).typed?.text).toBe(TEXT);
});

test('a_few_fast_keys_are_no_scan', () => {
  expect(type(keysOf('HC1:'), 5).typed).toBeNull();
});

test('keys_within_a_scan_are_counted_so_that_they_press_no_buttons', () => {
  const wedge = new Wedge();
  const counts = ['a', ' ', 'b', ' '].map((key, at) => wedge.press(press({ key }, at * 10)).keys);
  expect(counts).toEqual([1, 2, 3, 4]);
});

test('shortcuts_are_not_typing', () => {
  const wedge = new Wedge();
  expect(wedge.press({ ...press({ key: 'v' }, 0), ctrlKey: true }).keys).toBe(0);
});

test.each([
  ['small letters', TEXT.toLowerCase()],
  ['caps lock', [...TEXT].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')],
])('a_certificate_in_%s_is_mended_and_told', (_, typed) => {
  expect(type(keysOf(typed), 5).typed).toEqual({ text: TEXT, notice: 'wedge_case' });
});

test('a_certificate_through_the_russian_layout_is_read_from_the_places_of_its_keys', () => {
  const russian: Record<string, string> = { H: 'Р', C: 'С', ':': 'Ж', B: 'И', F: 'А', T: 'Е', W: 'Ц', J: 'О', G: 'П', '.': 'ю', K: 'Л', Y: 'Н', O: 'Щ', V: 'М' };
  const told = type(pressed(TEXT, (us) => russian[us] ?? us), 5);
  expect(told.typed).toEqual({ text: TEXT, notice: 'wedge_layout' });
});

test('a_layout_s_accent_key_is_read_from_its_place', () => {
  const german = (us: string) => (us === '+' ? 'Dead' : us === ':' ? 'Ö' : us);
  expect(type(pressed(TEXT, german), 5).typed).toEqual({ text: TEXT, notice: 'wedge_layout' });
});

test('a_symbology_identifier_is_no_part_of_the_text', () => {
  expect(type(keysOf(`]Q1${TEXT}`), 5).typed).toEqual({ text: TEXT, notice: null });
});

test.each([
  ['a_character_outside_the_alphabet', TEXT.replace('+', '\u00e4')],
  ['a_number_of_characters_that_base45_never_has', TEXT.slice(0, -2)],
])('%s_is_told', (_, typed) => {
  expect(type(keysOf(typed), 5).typed?.notice).toBe('wedge_lost');
});

test('a_key_without_a_character_is_a_lost_one', () => {
  const keys = [...keysOf('https://example.org').slice(0, -1), { key: 'Unidentified' }, { key: 'Enter' }];
  expect(type(keys, 5).typed).toEqual({ text: 'https://example.org\ufffd', notice: 'wedge_lost' });
});

test('characters_typed_by_number_are_read_in_any_layout', () => {
  const wedge = new Wedge();
  let at = 0;
  for (const character of TEXT) {
    for (const digit of String(character.charCodeAt(0)).padStart(4, '0')) {
      wedge.press({ ...press({ key: digit, code: `Numpad${digit}` }, (at += 5)), altKey: true });
    }
  }
  expect(wedge.press(press({ key: 'Enter' }, at + 5)).typed).toEqual({ text: TEXT, notice: null });
});

test('a_separator_typed_with_control_is_kept', () => {
  const wedge = new Wedge();
  [...'(01)123456'].forEach((key, at) => wedge.press(press({ key }, at * 5)));
  wedge.press({ ...press({ key: ']', code: 'BracketRight' }, 60), ctrlKey: true });
  [...'21'].forEach((key, at) => wedge.press(press({ key }, 65 + at * 5)));
  expect(wedge.press(press({ key: 'Enter' }, 80)).typed?.text).toBe('(01)123456\x1d21');
});

test('any_other_text_stays_as_it_was_typed', () => {
  const link = 'https://example.org/Menu?table=7';
  expect(type(keysOf(link), 5).typed).toEqual({ text: link, notice: null });
});

test('one_scan_does_not_run_into_the_next', () => {
  const wedge = new Wedge();
  type(keysOf(TEXT), 5, wedge);
  expect(type(keysOf(TEXT), 5, wedge).typed?.text).toBe(TEXT);
});

test('memory_is_bounded', () => {
  expect(type(keysOf('A'.repeat(10_000)), 1).typed?.text.length).toBeLessThan(5000);
});
