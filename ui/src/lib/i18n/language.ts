/** A language of the page. */
export type Code = 'ru' | 'en';

/** The language to begin with: the remembered one, else the first of the system's that there is a table for. */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): Code {
  if (remembered === 'ru' || remembered === 'en') return remembered;
  const codes = preferred.map((tag) => tag.slice(0, 2).toLowerCase());
  return codes.find((code): code is Code => code === 'ru' || code === 'en') ?? 'en';
}
