import { expect, test } from 'vitest';
import { REASONS } from '../types/reasons';
import { en } from './en';
import { firstLanguage } from './language';
import { ru } from './ru';
import type { Texts } from './texts';

const TABLES: [string, Texts][] = [['en', en], ['ru', ru]];

/** Every text with the way to it. */
function texts(table: object, path = ''): [string, string][] {
  return Object.entries(table).filter(([, value]) => !Array.isArray(value)).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : texts(value as object, `${path}${key}.`),
  );
}

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test('both_languages_say_the_same_things', () => {
  expect(texts(ru).map(([key]) => key).sort()).toEqual(texts(en).map(([key]) => key).sort());
});

test.each(TABLES)('%s_explains_every_reason_and_no_other', (_, table) => {
  expect(Object.keys(table.reasons).sort()).toEqual([...REASONS].sort());
  for (const reason of REASONS) {
    expect(table.reasons[reason].why, reason).toMatch(/\S.*[.)]$/);
    expect(table.reasons[reason].next, reason).toMatch(/\S.*\.$/);
  }
});

test('both_languages_show_the_same_evidence', () => {
  const russian = new Map(texts(ru));
  for (const [key, text] of texts(en)) expect(places(russian.get(key) ?? ''), key).toEqual(places(text));
});

test('russian_is_written_in_russian', () => {
  const foreign = new Set(['locale', 'switch_to', 'switch_code', 'screen.number']);
  for (const [key, text] of texts(ru)) if (!foreign.has(key)) expect(text, key).toMatch(/[а-яё]/i);
});

test('no_text_is_empty', () => {
  for (const [, table] of TABLES) for (const [key, text] of texts(table)) expect(text.trim(), key).not.toBe('');
});

test.each([
  ['en', ['ru-RU'], 'en'],
  [null, ['ru-RU', 'en'], 'ru'],
  [null, ['de-DE', 'ru'], 'ru'],
  [null, ['en-US', 'ru'], 'en'],
  [null, ['fr'], 'en'],
  ['xx', [], 'en'],
])('remembered_%s_and_preferred_%j_begin_in_%s', (remembered, preferred, first) => {
  expect(firstLanguage(remembered, preferred)).toBe(first);
});
