import { parse } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';

/** What stands in the page instead of the parser: the same module without its `parse`. */
const WITHOUT_PARSER = '@formatjs/icu-messageformat-parser/no-parser.js';

/**
 * Compiles every `icu('…')` from ICU MessageFormat while the page is built: a message that does not parse fails the
 * build, and the parser, most of the library, does not ship. Messages are plain text: `<` is no markup in them.
 */
export function compileMessages(): Plugin {
  return {
    name: 'compile-messages',
    config: () => ({ resolve: { alias: [{ find: /^@formatjs\/icu-messageformat-parser$/, replacement: WITHOUT_PARSER }] } }),
    transform(code, id) {
      if (!/\.ts$/.test(id) || !code.includes('icu(') || id.includes('node_modules')) return null;
      let compiled = code;
      // From the end, so that places found earlier stay where they are.
      for (const { start, end, source } of sources(this.parse(code)).sort((a, b) => b.start - a.start)) {
        if (source === null) return this.error(`${id}: icu() takes one quoted text`, start);
        const elements = parse(source, { ignoreTag: true, requiresOtherClause: true });
        compiled = compiled.slice(0, start) + JSON.stringify(elements) + compiled.slice(end);
      }
      return { code: compiled, map: null };
    },
  };
}

interface Source {
  start: number;
  end: number;
  source: string | null;
}

/** The arguments of all calls of `icu` below a node of the syntax tree; null where it is no quoted text. */
function sources(node: unknown): Source[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(sources);
  const { type, callee, arguments: given } = node as { type?: string; callee?: Named; arguments?: Argument[] };
  if (type !== 'CallExpression' || callee?.name !== 'icu') return below;
  return [...below, ...(given ?? []).map(({ start, end, value }) => ({ start, end, source: typeof value === 'string' ? value : null }))];
}

interface Named {
  name?: string;
}

interface Argument {
  start: number;
  end: number;
  value?: unknown;
}
