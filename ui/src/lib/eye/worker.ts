/// <reference lib="webworker" />
import { compile, fromHex, hasSimd, Scanner, type Answer as Read } from '../../../../crates/qr-wasm/web/scanner.js';
import type { Answer, Hint, Question } from './messages';
import { fill } from './pixels';
import plain from './qr.wasm?url';
import simd from './qr_simd.wasm?url';

/** Nothing is compiled before it is needed, and only one of the modules is ever loaded. */
const compiled = compile(hasSimd() ? simd : plain);
let video: Scanner | null = null;

async function look(question: Question): Promise<Omit<Answer, 'id' | 'tookMs' | 'failure'>> {
  const module = await compiled;
  if (question.kind === 'start') {
    video = new Scanner(module);
    return { texts: [], hint: null };
  }
  if (question.kind === 'frame') {
    const scanner = (video ??= new Scanner(module));
    const { width, height, stride } = await fill(question.picture, (length) => scanner.room(length));
    const { symbols, hint } = scanner.scan(width, height, { stride, budget: question.budgetMs });
    return { texts: symbols.filter((symbol) => symbol.new).map(textOf), hint: hint as Hint | null };
  }
  const { image } = question;
  const scanner = new Scanner(module, { video: false });
  const picture = image instanceof Blob ? await createImageBitmap(image) : image;
  const { width, height, stride } = await fill(picture, (length) => scanner.room(length));
  return { texts: [...new Set(scanner.scan(width, height, { stride }).symbols.map(textOf))], hint: null };
}

/** The text; where there is none, what UTF-8 makes of the bytes: no certificate, but somebody showed a code. */
function textOf({ text, bytes }: Read['symbols'][number]): string {
  return text ?? new TextDecoder().decode(fromHex(bytes ?? ''));
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  const start = performance.now();
  const answer = (rest: Omit<Answer, 'id' | 'tookMs'>): void => {
    if (data.kind === 'frame' && 'close' in data.picture) data.picture.close();
    postMessage({ ...rest, id: data.id, tookMs: performance.now() - start } satisfies Answer);
  };
  look(data).then(
    (seen) => answer({ ...seen, failure: null }),
    (error: unknown) => answer({ texts: [], hint: null, failure: error instanceof Error ? error.message : String(error) }),
  );
});
