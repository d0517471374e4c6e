import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import './fields.css';
import { Language } from './lib/i18n/current.svelte';
import { memoryOf, Preferences } from './lib/preferences.svelte';

const preferences = new Preferences(memoryOf(window));
const language = await Language.open(preferences, navigator.languages);
const target = document.getElementById('app');
if (target) mount(App, { target, props: { preferences, language } });
