import { isLiteralElement, isPluralElement } from '@formatjs/icu-messageformat-parser';
import { expect, test } from 'vitest';
import { EVENTS, EVIDENCE, REASONS } from '../types/reasons';
import { en } from './en';
import { CODES, firstLanguage, LANGUAGES } from './language';
import { everyElement, placesOf, type Message } from './message';
import type { Text, Texts } from './texts';

const TABLES = await Promise.all(CODES.map(async (code): Promise<[string, Texts]> => [code, await LANGUAGES[code].load()]));
const OTHERS = TABLES.filter(([code]) => code !== 'en');

/** Words that English and another language rightly share. */
const SAME: Record<string, readonly string[]> = {
  ru: [],
  de: ['test', 'station', 'vibration', 'zoom', 'ok', 'name', 'pins'],
  fr: ['date', 'version', 'format', 'vaccination', 'test', 'menu', 'vibration', 'zoom', 'ok', 'administration', 'zones', 'badge'],
  it: ['test', 'menu', 'zoom', 'ok', 'badge'],
  nl: ['register', 'test', 'camera', 'menu', 'zoom', 'ok', 'zones', 'ticket'],
};

/** Every text with the way to it. */
function texts(table: object, path = ''): [string, Text][] {
  return Object.entries(table).flatMap(([key, value]): [string, Text][] => {
    if (['locale', 'dir', 'birth'].includes(`${path}${key}`)) return [];
    return typeof value === 'string' || isMessage(value) ? [[`${path}${key}`, value]] : texts(value as object, `${path}${key}.`);
  });
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'elements' in value;
}

/** A text's words, without its places. */
function words(text: Text): string {
  if (typeof text === 'string') return text;
  return everyElement(text.elements).map((element) => (isLiteralElement(element) ? element.value : '')).join('');
}

const places = (text: Text) => (typeof text === 'string' ? [] : [...placesOf(text)].sort());

test.each(OTHERS)('%s_says_the_same_things_as_english', (_, table) => {
  expect(texts(table).map(([key]) => key).sort()).toEqual(texts(en).map(([key]) => key).sort());
});

test.each(TABLES)('%s_words_every_reason_and_event_and_no_other', (_, table) => {
  expect(Object.keys(table.reasons).sort()).toEqual([...REASONS].sort());
  expect(Object.keys(table.events).sort()).toEqual([...EVENTS].sort());
  for (const reason of REASONS) {
    expect(words(table.reasons[reason].why), reason).toMatch(/\S.*[.)]$/);
    expect(words(table.reasons[reason].next), reason).toMatch(/\S.*\.$/);
  }
});

test.each(TABLES)('%s_says_of_a_reason_what_its_evidence_has', (_, table) => {
  for (const reason of REASONS) {
    const { why, next } = table.reasons[reason];
    const named = [...places(why), ...places(next)].map(([name]) => name);
    expect(EVIDENCE[reason], reason).toEqual(expect.arrayContaining(named));
  }
});

test.each(OTHERS)('%s_fills_the_same_places_in_the_same_way_as_english', (_, table) => {
  const english = new Map(texts(en));
  for (const [key, text] of texts(table)) expect(places(text), key).toEqual(places(english.get(key) ?? ''));
});

test.each(TABLES)('%s_has_every_plural_that_its_language_has', (_, table) => {
  const needed = new Intl.PluralRules(table.locale).resolvedOptions().pluralCategories;
  for (const [key, text] of texts(table)) {
    if (typeof text === 'string') continue;
    for (const element of everyElement(text.elements).filter(isPluralElement)) {
      expect(Object.keys(element.options), key).toEqual(expect.arrayContaining(needed));
    }
  }
});

test.each(TABLES)('%s_compiles_every_text_that_has_places', (_, table) => {
  for (const [key, text] of texts(table)) if (typeof text === 'string') expect(text, key).not.toMatch(/[{}#]/);
});

test.each(OTHERS)('%s_is_not_left_in_english', (code, table) => {
  const english = new Map(texts(en).map(([key, text]) => [key, words(text)]));
  const same = texts(table).filter(([key, text]) => /\p{L}/u.test(words(text)) && words(text) === english.get(key));
  const left = same.map(([, text]) => words(text)).filter((text) => !SAME[code]?.includes(text.toLowerCase()));
  expect(left.join('; ')).toBe('');
});

test('russian_is_written_in_russian', async () => {
  const latin = /^(OK)?$/;
  for (const [key, text] of texts(await LANGUAGES.ru.load())) {
    const said = words(text).replace(/[^\p{L}]/gu, '');
    if (!latin.test(said)) expect(said, key).toMatch(/[а-яё]/i);
  }
});

test('french_marks_never_begin_a_line', async () => {
  for (const [key, text] of texts(await LANGUAGES.fr.load())) expect(words(text), key).not.toMatch(/ [:;?!»]|« /);
});

test.each(TABLES)('%s_has_no_empty_text', (_, table) => {
  for (const [key, text] of texts(table)) if (typeof text === 'string') expect(text.trim(), key).not.toBe('');
});

test.each(TABLES)('%s_is_told_by_its_locale', (code, table) => {
  expect(new Intl.Locale(table.locale).language).toBe(code);
  expect(Intl.DateTimeFormat.supportedLocalesOf(table.locale)).toEqual([table.locale]);
});

test.each([
  ['en', ['ru-RU'], 'en'],
  [null, ['ru-RU', 'en'], 'ru'],
  [null, ['de-AT', 'ru'], 'de'],
  [null, ['xx-DE', 'nl-BE'], 'nl'],
  [null, ['en-US', 'ru'], 'en'],
  [null, ['ru_RU'], 'ru'],
  [null, ['constructor', 'rus'], 'en'],
  [null, [], 'en'],
] as const)('remembered_%s_and_preferred_%j_begin_in_%s', (remembered, preferred, first) => {
  expect(firstLanguage(remembered, preferred)).toBe(first);
});

/** Looked up by a name that comes from elsewhere, not written out where they are said. */
const BY_NAME = new Set([
  'tones', 'device_key', 'reasons', 'reason_names', 'looks_like', 'facts', 'kinds', 'kinds_within', 'samples', 'camera', 'warnings', 'problems', 'notices', 'hints', 'roles', 'themes', 'events', 'anomalies', 'birth', 'unknown_reason',
]);

test('no_text_is_left_unsaid', () => {
  const sources = Object.values(import.meta.glob<string>(['../../**/*.svelte', '../../**/*.ts', '!./**', '!../../**/*.test.ts'], { query: '?raw', import: 'default', eager: true })).join();
  const unsaid = Object.entries(en).flatMap(([section, texts]) =>
    typeof texts !== 'object' || BY_NAME.has(section) ? [] : Object.keys(texts).filter((name) => !new RegExp(`texts\\.${section}\\.${name}\\b`).test(sources)).map((name) => `${section}.${name}`),
  );
  expect(unsaid).toEqual([]);
});
