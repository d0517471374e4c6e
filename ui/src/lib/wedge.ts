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
  private keys = 0;
  private last = -Infinity;

  /** Takes a key press in. `typed` is a whole scan; `keys` is how many came in a row, this one included. */
  press(event: Press): { typed: Typed | null; keys: number } {
    const patience = this.keys >= FEWEST_KEYS ? LONGEST_HICCUP_MS : LONGEST_GAP_MS;
    if (event.timeStamp - this.last > patience) this.reset();
    const ends = event.key === 'Enter' || event.key === 'Tab';
    if (ends) return this.end();
    if (event.ctrlKey || event.altKey || event.metaKey || [...event.key].length !== 1) {
      return { typed: null, keys: 0 };
    }
    this.last = event.timeStamp;
    if (this.keys < MOST_KEYS) {
      this.byKey += event.key;
      this.byCode += onUsKeyboard(event);
      this.keys += 1;
    }
    return { typed: null, keys: this.keys };
  }

  private end(): { typed: Typed | null; keys: number } {
    const keys = this.keys;
    const typed = keys >= FEWEST_KEYS ? mend(this.byKey, this.byCode) : null;
    this.reset();
    return { typed, keys };
  }

  private reset(): void {
    this.byKey = '';
    this.byCode = '';
    this.keys = 0;
    this.last = -Infinity;
  }
}

/**
 * A certificate's alphabet (RFC 9285) has no small letters, so a scan with the
 * wrong case has one right reading; one typed through another keyboard layout
 * is read from the keys' places. Any other text stays as it was typed.
 */
function mend(byKey: string, byCode: string): Typed {
  if (byKey.startsWith('HC1:')) return { text: byKey, notice: null };
  if (/^hc1:/i.test(byKey)) return { text: byKey.toUpperCase(), notice: 'wedge_case' };
  if (/^hc1:/i.test(byCode)) return { text: byCode.toUpperCase(), notice: 'wedge_layout' };
  return { text: byKey, notice: null };
}

function onUsKeyboard({ code, key, shiftKey }: Press): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^Numpad(\d)$/.exec(code)?.[1];
  return digit ?? US_KEYS[code]?.[shiftKey ? 1 : 0] ?? key;
}
