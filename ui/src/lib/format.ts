import { IntlMessageFormat, type Formatters } from 'intl-messageformat';
import { placesOf, type Message } from './i18n/message';
import type { FactName, ReasonText, Text, Texts } from './i18n/texts';
import type { Reason } from './types/reasons';
import type { Fact, SubmissionView } from './types/station';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
const DAY_MS = 86_400_000;

/** Texts by name. */
type ByName = { [name: string]: string };

/** A piece of evidence in words. */
export interface ShownFact {
  label: string;
  value: string;
}

/** A verdict's reason in words, its evidence put in. */
export function explain(texts: Texts, submission: SubmissionView): { why: string; next: string } {
  const { why, next } = reasonText(texts, submission.reason);
  return { why: say(texts, why, submission.evidence), next: say(texts, next, submission.evidence) };
}

/** The evidence that the sentence does not hold already, for technicians. */
export function facts(texts: Texts, submission: SubmissionView): ShownFact[] {
  const { why } = reasonText(texts, submission.reason);
  const said = typeof why === 'string' ? new Map() : placesOf(why);
  return Object.entries(submission.evidence)
    .filter(([name]) => !said.has(name) && !SAID_ELSEWHERE.has(name))
    .filter(([, value]) => value !== '' && (typeof value !== 'object' || Object.keys(value).length > 0))
    .map(([name, value]) => ({ label: label(texts, name, value), value: fact(texts, name, value) }));
}

/** `now` is the present moment, and `text` has a place of its own on the screen. */
const SAID_ELSEWHERE = new Set(['now', 'text']);

/** What stands in a place without evidence. */
const NOTHING = '—';

/** Fills a message's places. What is put in is never read as a place, and one that nothing was given for gets a dash. */
export function fill<Place extends string>(texts: Texts, text: Message<Place>, values: Readonly<Record<NoInfer<Place>, Fact>>): string {
  const given: { readonly [name: string]: Fact } = values;
  const shown: Record<string, string | number> = Object.create(null);
  for (const [name, kind] of placesOf(text)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (kind === 'plural') shown[name] = typeof value === 'number' ? value : NaN;
    else shown[name] = value === undefined ? NOTHING : kind === 'words' || typeof value === 'object' ? fact(texts, name, value) : value;
  }
  return new IntlMessageFormat([...text.elements], texts.locale, undefined, { formatters: FORMATTERS }).format(shown) as string;
}

/** Numbers as the language writes them, and a dash for none. */
class Numbers extends Intl.NumberFormat {
  override format(value: number | bigint): string {
    return Number.isNaN(value) ? NOTHING : super.format(value);
  }
}

const FORMATTERS: Formatters = {
  getNumberFormat: (locale) => new Numbers(locale),
  getDateTimeFormat: (locale) => new Intl.DateTimeFormat(locale),
  getPluralRules: (locale) => new Intl.PluralRules(locale),
};

function reasonText(texts: Texts, reason: string): ReasonText {
  return Object.hasOwn(texts.reasons, reason) ? texts.reasons[reason as Reason] : texts.unknown_reason;
}

function say(texts: Texts, text: Text, evidence: { [name: string]: Fact }): string {
  return typeof text === 'string' ? text : fill(texts, text, evidence);
}

function fact(texts: Texts, name: string, value: Fact): string {
  if (typeof value === 'number') return new Intl.NumberFormat(texts.locale).format(value);
  if (typeof value === 'object') return name === 'values' ? listed(value) : quoted(inLanguage(texts, value));
  if (name === 'looks_like') return lookUp(texts.looks_like, value);
  if (name === 'times') return value.split(', ').map((at) => moment(texts, at)).join('; ');
  if (name === 'kind') return lookUp(texts.kinds_within, value);
  return RFC3339.test(value) ? moment(texts, value) : value;
}

/** Values with the fields that they stand in, which are names of the certificate's schema. */
function listed(values: ByName): string {
  return Object.entries(values)
    .map(([field, value]) => `${field} = ${value}`)
    .join(', ');
}

/** A sentence that stands within another. */
function quoted(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** A text that its author wrote in several languages: in the page's, else in English, else in the first there is. */
export function inLanguage(texts: Texts, byLanguage: ByName): string {
  const { language } = new Intl.Locale(texts.locale);
  const spoken = Object.keys(byLanguage).find((tag) => tag.split('-')[0] === language);
  const chosen = [texts.locale, language, spoken, 'en'].find((tag) => tag !== undefined && Object.hasOwn(byLanguage, tag));
  return byLanguage[chosen ?? Object.keys(byLanguage)[0] ?? ''] ?? NOTHING;
}

function label(texts: Texts, name: string, value: Fact): string {
  return lookUp(texts.facts, name === 'at' && typeof value === 'number' ? ('byte' satisfies FactName) : name);
}

/** The table's words for a name; the name itself where the table has none. */
export function lookUp(table: Record<string, string>, name: string): string {
  return Object.hasOwn(table, name) ? (table[name] ?? name) : name.replaceAll('_', ' ');
}

/** A time (RFC 3339) as date and time of day on this device. */
export function moment(texts: Texts, at: string): string {
  return shown(texts, at, { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}

/** A time (RFC 3339) as time of day on this device, to the second. */
export function timeOfDay(texts: Texts, at: string): string {
  return shown(texts, at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** A time (RFC 3339) as a date on this device. */
export function day(texts: Texts, at: string): string {
  return shown(texts, at, { day: 'numeric', month: 'short', year: 'numeric' });
}

/**
 * A date of birth as documents print it in the language's country, in English with the month's name, which nobody takes
 * for the day; partial dates in the same way, anything else as it is.
 */
export function birth(texts: Texts, date: string): string {
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(date) ?? [];
  if (!year || !month) return date;
  const { between, months } = texts.birth;
  const name = months[Number(month) - 1];
  if (name === undefined && months.length > 0) return date;
  return [dayOfMonth, name ?? month, year].filter(Boolean).join(between);
}

/** How long ago a time (RFC 3339) was, in the largest unit that fits: "3 hours ago". */
export function ago(texts: Texts, at: string, now: number): string {
  const past = now - Date.parse(at);
  if (Number.isNaN(past)) return at;
  const [unit, size] = past >= DAY_MS ? (['day', DAY_MS] as const) : past >= 3_600_000 ? (['hour', 3_600_000] as const) : (['minute', 60_000] as const);
  return new Intl.RelativeTimeFormat(texts.locale, { numeric: 'always', style: 'short' }).format(-Math.max(0, Math.floor(past / size)), unit);
}

/** This day on this device: its first second and the first second of the next, in seconds UTC. */
export function localDay(now: Date): { from: number; until: number } {
  const midnight = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime() / 1000;
  return { from: midnight(0), until: midnight(1) };
}

/** This hour on this device, in the same way; the second of two with the same name, where now is in that. */
export function localHour(now: Date): { from: number; until: number } {
  const hour = Math.floor(now.getTime() / 1000) - now.getMinutes() * 60 - now.getSeconds();
  return { from: hour, until: hour + 3600 };
}

function shown(texts: Texts, at: string, form: Intl.DateTimeFormatOptions): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? at : new Intl.DateTimeFormat(texts.locale, form).format(time);
}
