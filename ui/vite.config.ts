import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compileMessages } from './compile-messages';
import { needReader } from './need-reader';

export default defineConfig({
  plugins: [svelte(), compileMessages()],
  worker: { format: 'es', plugins: () => [needReader()] },
  // The shell serves the page from its own origin, and the content security policy allows no inlined files.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { environment: 'node', include: ['src/**/*.test.ts'], css: true },
});
