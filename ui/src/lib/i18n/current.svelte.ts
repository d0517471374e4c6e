import { en } from './en';
import { firstLanguage, type Code } from './language';
import { ru } from './ru';
import type { Texts } from './texts';

const TABLES: Record<Code, Texts> = { ru, en };
const REMEMBERED = 'propusk.language';

/** The page's language. */
export class Language {
  code = $state<Code>('en');
  texts = $derived(TABLES[this.code]);

  constructor() {
    this.code = firstLanguage(recall(), navigator.languages);
  }

  /** Changes to the other language and remembers it. */
  toggle(): void {
    this.code = this.code === 'ru' ? 'en' : 'ru';
    try {
      localStorage.setItem(REMEMBERED, this.code);
    } catch {
      // Without storage the choice lasts until the window closes.
    }
  }
}

function recall(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}
