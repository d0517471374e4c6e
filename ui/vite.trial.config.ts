import { defineConfig } from 'vite';
import { needReader } from './need-reader';

/** The trial of the page's camera, into one folder without others, as its server wants it. */
export default defineConfig({
  root: 'src/lib/eye/trial',
  base: './',
  worker: { format: 'es', plugins: () => [needReader()] },
  build: { target: 'es2022', assetsDir: '', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
