import type { Texts } from './texts';

/** The page's languages: each by its own name, and loaded only when it is spoken. */
export const LANGUAGES = {
  ru: { name: 'Русский', load: async (): Promise<Texts> => (await import('./ru')).ru },
  en: { name: 'English', load: async (): Promise<Texts> => (await import('./en')).en },
  de: { name: 'Deutsch', load: async (): Promise<Texts> => (await import('./de')).de },
  fr: { name: 'Français', load: async (): Promise<Texts> => (await import('./fr')).fr },
  it: { name: 'Italiano', load: async (): Promise<Texts> => (await import('./it')).it },
  nl: { name: 'Nederlands', load: async (): Promise<Texts> => (await import('./nl')).nl },
} as const;

/** A language of the page. */
export type Code = keyof typeof LANGUAGES;

/** Every language's code, in the order of the menu. */
export const CODES = Object.keys(LANGUAGES) as Code[];

/** Whether there is a table for this language. */
export function isCode(code: unknown): code is Code {
  return typeof code === 'string' && Object.hasOwn(LANGUAGES, code);
}

/** The language to begin with: the remembered one, else the first of the system's that there is a table for. */
export function firstLanguage(remembered: Code | null, preferred: readonly string[]): Code {
  if (remembered !== null) return remembered;
  const codes = preferred.map((tag) => tag.toLowerCase().split(/[-_]/)[0]);
  return codes.find(isCode) ?? 'en';
}
