import { expect, test } from 'vitest';
import { Preferences } from '../preferences.svelte';
import { Language } from './current.svelte';

test('the_page_begins_in_the_systems_language_and_keeps_to_a_choice', async () => {
  const preferences = new Preferences(null);
  const language = await Language.open(preferences, ['nl-BE', 'en']);
  expect([language.code, language.texts.locale]).toEqual(['nl', 'nl-NL']);
  expect(preferences.language).toBeNull();
  await language.choose('fr');
  expect([language.code, language.texts.locale, preferences.language]).toEqual(['fr', 'fr-FR', 'fr']);
  expect((await Language.open(preferences, ['nl-BE'])).code).toBe('fr');
});

test('of_two_choices_in_a_row_the_last_one_holds', async () => {
  const language = await Language.open(new Preferences(null), ['en']);
  await Promise.all([language.choose('de'), language.choose('it')]);
  expect([language.code, language.texts.locale]).toEqual(['it', 'it-IT']);
});
