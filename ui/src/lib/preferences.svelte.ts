import { isCode, type Code } from './i18n/language';

/** Dark, light, or as the system has it. */
export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** What of the browser's storage is needed. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>;

const REMEMBERED = 'propusk.preferences';

/** What the person at this device chose. Without storage a choice lasts until the window closes. */
export class Preferences {
  #theme: Theme = $state('system');
  #sound = $state(true);
  #vibration = $state(true);
  #language: Code | null = $state(null);
  #camera: string | null = $state(null);

  constructor(private readonly memory: Memory | null) {
    const kept = recall(memory);
    if (isTheme(kept.theme)) this.#theme = kept.theme;
    if (typeof kept.sound === 'boolean') this.#sound = kept.sound;
    if (typeof kept.vibration === 'boolean') this.#vibration = kept.vibration;
    if (isCode(kept.language)) this.#language = kept.language;
    if (typeof kept.camera === 'string') this.#camera = kept.camera;
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    this.#remember();
  }

  /** Whether verdicts are heard. */
  get sound(): boolean {
    return this.#sound;
  }
  set sound(on: boolean) {
    this.#sound = on;
    this.#remember();
  }

  /** Whether verdicts are felt, where the device can. */
  get vibration(): boolean {
    return this.#vibration;
  }
  set vibration(on: boolean) {
    this.#vibration = on;
    this.#remember();
  }

  /** The chosen language; null follows the system. */
  get language(): Code | null {
    return this.#language;
  }
  set language(code: Code | null) {
    this.#language = code;
    this.#remember();
  }

  /** The id of the camera that was chosen; null is the one that the system names first. */
  get camera(): string | null {
    return this.#camera;
  }
  set camera(id: string | null) {
    this.#camera = id;
    this.#remember();
  }

  #remember(): void {
    const { theme, sound, vibration, language, camera } = this;
    try {
      this.memory?.setItem(REMEMBERED, JSON.stringify({ theme, sound, vibration, language, camera }));
    } catch {
      // Storage may be full or forbidden.
    }
  }
}

/** The browser's storage, where it may be used. */
export function memoryOf(window: Window): Memory | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function recall(memory: Memory | null): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(memory?.getItem(REMEMBERED) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isTheme(theme: unknown): theme is Theme {
  return THEMES.some((known) => known === theme);
}
