import type { Notice } from './i18n/texts';

/** What a key press tells: `KeyboardEvent`, or a test's table. */
export interface Press {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  timeStamp: number;
}

/** A text that a hardware scanner typed, and how its typing had to be mended. */
export interface Typed {
  text: string;
  notice: Notice | null;
}

/** The longest pause between two keys of one scan, in milliseconds. Scanners need 1 to 30, people over 100. */
export const LONGEST_GAP_MS = 90;

/** The same when so many keys came that it cannot be a person: wireless scanners and busy machines hiccup. */
const LONGEST_HICCUP_MS = 400;

/** Fewer keys than this are a person's, or a bar code of no interest here. */
const FEWEST_KEYS = 6;

/** A QR code holds 4,296 alphanumeric characters at most (ISO/IEC 18004, table 7). */
const MOST_KEYS = 4300;

/** From this many keys in a row on, keys belong to a scan and must not press buttons. */
export const BURST_KEYS = 3;

/** Keys that come with no character of their own: an accent that waits for its letter, an input method. */
const SILENT_KEYS = new Set(['Dead', 'Process', 'Unidentified']);

/** A code's text by a published prefix: two letters, a digit, a colon, then base45 (RFC 9285), all in capitals. */
const PREFIXED = /^[A-Z]{2}\d:/;

/** What the symbology identifier in front of a QR code's text looks like (ISO/IEC 15424), where a scanner sends it. */
const SYMBOLOGY = /^\]Q\d/i;

/** The alphabet of base45. */
const BASE45 = /^[0-9A-Z $%*+\-./:]*$/;

/** Control characters that scanners type with Ctrl (C0 set, ECMA-48): the key of a US keyboard, and what it stands for. */
const CONTROL_KEYS: Record<string, string> = {
  Backslash: '\x1c', BracketRight: '\x1d', Digit6: '\x1e', Minus: '\x1f', BracketLeft: '\x1b',
};

/** US keyboard, which scanners imitate: what a key types without and with Shift. */
const US_KEYS: Record<string, [string, string]> = {
  Space: [' ', ' '], Minus: ['-', '_'], Equal: ['=', '+'], BracketLeft: ['[', '{'], BracketRight: [']', '}'],
  Backslash: ['\\', '|'], Semicolon: [';', ':'], Quote: ["'", '"'], Backquote: ['`', '~'], Comma: [',', '<'],
  Period: ['.', '>'], Slash: ['/', '?'], Digit1: ['1', '!'], Digit2: ['2', '@'], Digit3: ['3', '#'],
  Digit4: ['4', '$'], Digit5: ['5', '%'], Digit6: ['6', '^'], Digit7: ['7', '&'], Digit8: ['8', '*'],
  Digit9: ['9', '('], Digit0: ['0', ')'], NumpadDivide: ['/', '/'], NumpadMultiply: ['*', '*'],
  NumpadSubtract: ['-', '-'], NumpadAdd: ['+', '+'], NumpadDecimal: ['.', '.'],
};

/** Tells a hardware scanner, which types fast and ends with Enter, from a person at the keyboard. */
export class Wedge {
  private byKey = '';
  private byCode = '';
  /** Decimal digits of a character that is typed with Alt held down, as scanners do to be free of layouts. */
  private byNumber = '';
  private keys = 0;
  private last = -Infinity;

  /** Takes a key press in. `typed` is a whole scan; `keys` is how many came in a row, this one included. */
  press(event: Press): { typed: Typed | null; keys: number } {
    const patience = this.keys >= FEWEST_KEYS ? LONGEST_HICCUP_MS : LONGEST_GAP_MS;
    if (event.timeStamp - this.last > patience) this.reset();
    if (event.key === 'Enter' || event.key === 'Tab') return this.end();
    if (event.altKey && !event.ctrlKey && /^Numpad\d$/.test(event.code)) return this.number(event);
    this.flush();
    const control = event.ctrlKey && this.keys > 0 ? CONTROL_KEYS[event.code] : undefined;
    if (control !== undefined) return this.take(control, control, event.timeStamp);
    const character = [...event.key].length === 1 || SILENT_KEYS.has(event.key);
    if (event.ctrlKey || event.altKey || event.metaKey || !character) return { typed: null, keys: 0 };
    return this.take(SILENT_KEYS.has(event.key) ? LOST : event.key, onUsKeyboard(event), event.timeStamp);
  }

  private take(byKey: string, byCode: string, at: number): { typed: Typed | null; keys: number } {
    this.last = at;
    if (this.keys < MOST_KEYS) {
      this.byKey += byKey;
      this.byCode += byCode;
      this.keys += 1;
    }
    return { typed: null, keys: this.keys };
  }

  /** One digit of a character's number; a scanner begins each with a 0, and three or four digits are all there are. */
  private number(event: Press): { typed: Typed | null; keys: number } {
    if (this.byNumber.length === 4 || (this.byNumber.length === 3 && !this.byNumber.startsWith('0'))) this.flush();
    this.byNumber += event.code.slice(-1);
    this.last = event.timeStamp;
    return { typed: null, keys: this.keys + 1 };
  }

  private flush(): void {
    if (this.byNumber === '') return;
    const character = String.fromCharCode(Number(this.byNumber));
    this.byNumber = '';
    this.take(character, character, this.last);
  }

  private end(): { typed: Typed | null; keys: number } {
    this.flush();
    const keys = this.keys;
    const typed = keys >= FEWEST_KEYS ? mend(this.byKey, this.byCode) : null;
    this.reset();
    return { typed, keys };
  }

  private reset(): void {
    this.byKey = '';
    this.byCode = '';
    this.byNumber = '';
    this.keys = 0;
    this.last = -Infinity;
  }
}

/** Stands for a character that a key should have typed and did not (U+FFFD). */
const LOST = '\ufffd';

/**
 * A certificate's alphabet has no small letters, so a scan with the wrong case has one right reading; one typed
 * through another keyboard layout is read from the keys' places. Any other text stays as it was typed. Where
 * characters are missing, nothing can be mended: that is told.
 */
function mend(keys: string, codes: string): Typed {
  const [byKey, byCode] = [keys.replace(SYMBOLOGY, ''), codes.replace(SYMBOLOGY, '')];
  if (PREFIXED.test(byKey)) return whole(byKey, byCode);
  if (PREFIXED.test(byKey.toUpperCase())) return { ...whole(byKey.toUpperCase(), byCode.toUpperCase()), notice: 'wedge_case' };
  if (PREFIXED.test(byCode.toUpperCase())) return { ...whole(byCode.toUpperCase(), ''), notice: 'wedge_layout' };
  return { text: byKey, notice: byKey.includes(LOST) ? 'wedge_lost' : null };
}

/** The text where every character is of base45, else the one by the keys' places where that is, else what is lost. */
function whole(byKey: string, byCode: string): Typed {
  const fits = (text: string) => BASE45.test(text) && (text.length - PREFIX_LENGTH) % 3 !== 1;
  if (fits(byKey)) return { text: byKey, notice: null };
  if (PREFIXED.test(byCode) && fits(byCode)) return { text: byCode, notice: 'wedge_layout' };
  return { text: byKey, notice: 'wedge_lost' };
}

/** `HC1:` and its like. Three characters of base45 stand for two bytes, two for one; one alone stands for nothing. */
const PREFIX_LENGTH = 4;

function onUsKeyboard({ code, key, shiftKey }: Press): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^Numpad(\d)$/.exec(code)?.[1];
  return digit ?? US_KEYS[code]?.[shiftKey ? 1 : 0] ?? (SILENT_KEYS.has(key) ? LOST : key);
}
