/** Why a code is not read; the names are those of the reader (`qr::Hint`). */
export const HINTS = ['too_dark', 'glare', 'dim_screen', 'too_far', 'cut_off', 'hold_still'] as const;
export type Hint = (typeof HINTS)[number];

/** Pixels as the page can get them: the browser's own frame, a bitmap, or RGBA bytes. */
export type Picture = VideoFrame | ImageBitmap | ImageData;

/** What the worker is asked: a camera's next frame, a single image, or that a camera begins anew. */
export type Question =
  | { kind: 'frame'; id: number; picture: Picture; budgetMs: number }
  | { kind: 'image'; id: number; image: Blob | ImageData }
  | { kind: 'start'; id: number };

/** What the worker answers: texts that are new, the hint in force, and how long looking took. */
export interface Answer {
  id: number;
  texts: string[];
  hint: Hint | null;
  tookMs: number;
  /** Why it could not be done. */
  failure: string | null;
}
