import type { Plugin } from 'vite';

/** Says in one line what is missing where the page is built without the QR reader's modules, which cargo builds. */
export function needReader(): Plugin {
  return {
    name: 'need-reader',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!source.endsWith('.wasm?url')) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      // Without a stack: where in the bundler it was noticed helps nobody.
      const words = `${source} is not built: \`cargo xtask wasm\` does that, and \`cargo xtask run\` does it all`;
      return found ?? this.error({ message: words, stack: '' });
    },
  };
}
