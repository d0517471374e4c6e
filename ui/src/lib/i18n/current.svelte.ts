import type { Preferences } from '../preferences.svelte';
import { firstLanguage, LANGUAGES, type Code } from './language';
import type { Texts } from './texts';

/** The page's language. */
export class Language {
  code: Code = $state('en');
  texts: Texts;
  private wanted: Code;

  private constructor(
    code: Code,
    texts: Texts,
    private readonly preferences: Preferences,
  ) {
    this.code = code;
    this.wanted = code;
    this.texts = $state.raw(texts);
  }

  /** Loads the language to begin with; the page waits for it, so that none flashes by in another. */
  static async open(preferences: Preferences, preferred: readonly string[]): Promise<Language> {
    const code = firstLanguage(preferences.language, preferred);
    return new Language(code, await LANGUAGES[code].load(), preferences);
  }

  /** Changes to a language and remembers it. Of two choices in a row the last one holds. */
  async choose(code: Code): Promise<void> {
    this.wanted = code;
    const texts = await LANGUAGES[code].load();
    if (this.wanted !== code) return;
    this.texts = texts;
    this.code = code;
    this.preferences.language = code;
  }
}
