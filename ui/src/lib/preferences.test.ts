import { expect, test } from 'vitest';
import { memoryOf, Preferences, type Memory } from './preferences.svelte';

const KEY = 'propusk.preferences';

function memory(kept: string | null = null): Memory & { kept: string | null } {
  return {
    kept,
    getItem(key) {
      return key === KEY ? this.kept : null;
    },
    setItem(_, value) {
      this.kept = value;
    },
  };
}

test('what_was_chosen_is_remembered', () => {
  const storage = memory();
  const chosen = new Preferences(storage);
  chosen.theme = 'light';
  chosen.sound = false;
  chosen.vibration = false;
  chosen.language = 'ru';
  chosen.camera = 'v4l:0';
  const { theme, sound, vibration, language, camera } = new Preferences(storage);
  expect({ theme, sound, vibration, language, camera }).toEqual({
    theme: 'light', sound: false, vibration: false, language: 'ru', camera: 'v4l:0',
  });
});

test.each([null, '', 'no JSON', 'null', '[]', '7', '{"theme":"pink","sound":"yes","vibration":0,"language":"xx","camera":1}'])(
  'without_anything_sensible_in_storage_the_system_is_followed %j',
  (kept) => {
    const { theme, sound, vibration, language, camera } = new Preferences(memory(kept));
    expect({ theme, sound, vibration, language, camera }).toEqual({
      theme: 'system', sound: true, vibration: true, language: null, camera: null,
    });
  },
);

test('a_choice_holds_without_storage', () => {
  const forbidden = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  for (const storage of [null, { getItem: forbidden, setItem: forbidden }]) {
    const preferences = new Preferences(storage);
    preferences.theme = 'dark';
    expect(preferences.theme).toBe('dark');
  }
  const window = Object.defineProperty({}, 'localStorage', { get: forbidden }) as Window;
  expect(memoryOf(window)).toBeNull();
});
