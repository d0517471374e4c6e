import { expect, test, vi } from 'vitest';
import { ago, birth, explain, facts, fill, inLanguage, localDay, localHour, lookUp } from './format';
import { submission } from './fixtures.test-data';
import { de } from './i18n/de';
import { en } from './i18n/en';
import { fr } from './i18n/fr';
import { it } from './i18n/it';
import { icu } from './i18n/message';
import { nl } from './i18n/nl';
import { ru } from './i18n/ru';

test('a_refusal_is_explained_with_its_evidence', () => {
  const expired = submission({ verdict: 'refused', reason: 'expired', evidence: { at: '2026-05-11T12:00:00Z', now: '2026-05-12T12:00:00Z' } });
  expect(explain(en, expired).why).toMatch(/Expired on 11 May 2026/);
  expect(explain(ru, expired).why).toMatch(/истёк 11 мая 2026/);
  expect(facts(en, expired)).toEqual([]);
});

test('evidence_that_the_sentence_does_not_hold_is_listed', () => {
  const broken = submission({ verdict: 'refused', reason: 'broken_cose', evidence: { fault: 'not an array', at: 17 } });
  expect(facts(en, broken)).toEqual([{ label: 'fault', value: 'not an array' }, { label: 'at byte', value: '17' }]);
});

test('a_reason_of_a_newer_station_is_still_a_refusal_in_words', () => {
  for (const reason of ['something_new', 'toString', '__proto__']) {
    expect(explain(en, submission({ verdict: 'refused', reason }))).toEqual(en.unknown_reason);
  }
});

test('evidence_is_put_in_once_and_never_read_as_a_place', () => {
  expect(fill(en, icu('a {prefix} b'), { prefix: '{prefix}{kid}$&' })).toBe('a {prefix}{kid}$& b');
  expect(fill(en, icu('a {prefix} b'), { prefix: "'{'# <b>x</b>" })).toBe("a '{'# <b>x</b> b");
});

test('a_place_without_evidence_becomes_a_dash', () => {
  const evidence: { [name: string]: string } = {};
  for (const text of [icu('{constructor}'), icu('{__proto__}'), icu('{count, plural, one {#} other {#}}')]) {
    expect(fill(en, text, evidence)).toBe('—');
  }
});

test.each([
  [1, '1 entry', '1 запись'],
  [2, '2 entries', '2 записи'],
  [5, '5 entries', '5 записей'],
  [11, '11 entries', '11 записей'],
  [21, '21 entries', '21 запись'],
  [1234, '1,234 entries', '1\u00a0234 записи'],
])('%i_entries_stand_in_the_right_plural', (count, english, russian) => {
  expect(fill(en, en.journal.entries, { count })).toBe(english);
  expect(fill(ru, ru.journal.entries, { count })).toBe(russian);
});

test('names_are_looked_up_in_the_table_only', () => {
  expect(lookUp({ a: 'A' }, 'a')).toBe('A');
  expect(lookUp({ a: 'A' }, 'valueOf')).toBe('valueOf');
  expect(lookUp(en.looks_like, 'link')).toBe('a web link');
});

test.each([
  [en, '12 Apr 1988', 'Apr 1988'],
  [ru, '12.04.1988', '04.1988'],
  [de, '12.04.1988', '04.1988'],
  [fr, '12/04/1988', '04/1988'],
  [it, '12/04/1988', '04/1988'],
  [nl, '12-04-1988', '04-1988'],
])('a_date_of_birth_is_shown_as_documents_print_it %#', (texts, whole, partial) => {
  expect(birth(texts, '1988-04-12')).toBe(whole);
  expect(birth(texts, '1988-04')).toBe(partial);
  for (const odd of ['1988', '1988-04-1', '<b>', '']) expect(birth(texts, odd)).toBe(odd);
});

test('a_month_without_a_name_leaves_the_date_as_it_is', () => {
  expect(birth(en, '1988-13-12')).toBe('1988-13-12');
});

test.each([
  [de, 'Das ist kein Nachweis, sondern ein Weblink.'],
  [fr, 'Ce n’est pas un certificat mais un lien web.'],
  [it, 'Non è un certificato ma un link web.'],
  [nl, 'Dit is geen bewijs maar een weblink.'],
])('evidence_by_name_is_said_in_the_language %#', (texts, why) => {
  const link = submission({ verdict: 'refused', reason: 'not_a_certificate', evidence: { looks_like: 'link' } });
  expect(explain(texts, link).why).toBe(why);
});

test('a_kind_within_a_sentence_is_written_as_the_language_writes_nouns', () => {
  const usage = submission({ verdict: 'refused', reason: 'usage_not_allowed', evidence: { kind: 'recovery' } });
  expect(explain(en, usage).why).toContain(': recovery.');
  expect(explain(de, usage).why).toContain(': Genesung.');
});

test('a_ticket_that_is_used_up_says_how_often_and_when', () => {
  const used = submission({
    verdict: 'refused',
    reason: 'already_used',
    evidence: { at: '2027-07-03T12:00:00Z', uses: 2, times: '2027-07-03T10:00:00Z, 2027-07-03T12:00:00Z' },
  });
  expect(explain(en, used).why).toContain('could be used here 2 times, last on 3 July 2027');
  expect(explain(de, used).why).toContain('galt hier 2-mal');
  const [times] = facts(en, used);
  expect(times?.label).toBe('was used');
  expect(times?.value.split('; ')).toHaveLength(2);
  expect(times?.value).not.toContain('T10:00');
});

test('a_suspected_forgery_says_so_and_where_it_leads', () => {
  const forged = submission({
    verdict: 'refused',
    reason: 'suspected_forgery',
    evidence: { register: 'www.gosuslugi.ru', leads_to: 'evil.example', fault: 'another host of a similar name', text: 'https://evil.example' },
  });
  for (const texts of [en, de, fr, it, nl, ru]) expect(explain(texts, forged).why).toContain('evil.example');
  expect(explain(en, forged).why).toContain('Suspected forgery');
  expect(explain(ru, forged).why).toContain('Подозрение на подделку');
});

test('a_rule_speaks_in_its_authors_words_and_the_pages_language', () => {
  const failed = submission({
    verdict: 'refused',
    reason: 'rule_failed',
    evidence: { rule: 'VR-EU-0003', version: '1.0.0', description: { en: 'At most 270 days.', ru: 'Не более 270 дней.' }, values: { 'v.0.dt': '2021-05-29', 'v.0.dn': '2' } },
  });
  expect(explain(en, failed).why).toContain('“At most 270 days”.');
  expect(explain(ru, failed).why).toContain('«Не более 270 дней».');
  expect(explain(de, failed).why).toContain('At most 270 days');
  expect(facts(en, failed)).toEqual([
    { label: 'rule', value: 'VR-EU-0003' },
    { label: 'version', value: '1.0.0' },
    { label: 'values', value: 'v.0.dt = 2021-05-29, v.0.dn = 2' },
  ]);
  expect(facts(en, submission({ reason: 'rule_failed', evidence: { values: {} } }))).toEqual([]);
});

test('a_kind_that_is_not_accepted_is_said_with_the_modes_title', () => {
  const refused = submission({ verdict: 'refused', reason: 'kind_not_accepted', evidence: { kind: 'test', mode: { ru: 'Только QR-код' } } });
  expect(explain(ru, refused).why).toContain('тест (Только QR-код)');
});

test.each([
  [de, { 'de-AT': 'Österreich', en: 'English' }, 'Österreich'],
  [de, { 'de-DE': 'Deutschland', de: 'alle', en: 'English' }, 'Deutschland'],
  [fr, { 'de-AT': 'Österreich', en: 'English' }, 'English'],
  [fr, { ru: 'по-русски' }, 'по-русски'],
  [fr, {}, '—'],
])('a_text_is_in_the_language_or_the_next_best %#', (texts, byLanguage, chosen) => {
  expect(inLanguage(texts, byLanguage)).toBe(chosen);
});

test('the_age_of_the_keys_is_told_in_the_largest_unit_that_fits', () => {
  const signed = '2026-05-12T00:00:00Z';
  const after = (hours: number) => ago(en, signed, Date.parse(signed) + hours * 3_600_000);
  expect(after(0.5)).toContain('30');
  expect(after(5)).toMatch(/5.*h/);
  expect(after(72)).toMatch(/3.*day/);
  expect(after(-5)).toContain('0');
});

test('a_day_runs_from_midnight_to_midnight', () => {
  const { from, until } = localDay(new Date(2026, 4, 12, 15, 30));
  expect(new Date(from * 1000).getHours()).toBe(0);
  expect(until - from).toBe(86_400);
});

test('an_hour_is_this_one_also_where_the_clock_is_set_back_through_it', () => {
  // Central European time: on 30 October 2022 the hour from two is there twice, one hour after the other.
  vi.stubEnv('TZ', 'Europe/Berlin');
  try {
    const first = Date.UTC(2022, 9, 30, 0) / 1000;
    expect(new Date((first + 1800) * 1000).getHours()).toBe(2);
    expect(localHour(new Date((first + 1800) * 1000))).toEqual({ from: first, until: first + 3600 });
    expect(localHour(new Date((first + 5400) * 1000))).toEqual({ from: first + 3600, until: first + 7200 });
  } finally {
    vi.unstubAllEnvs();
  }
});
