import { Reader } from './reader';

let reader: Reader | null = null;

/** The one worker of this page. */
export function theReader(): Reader {
  return (reader ??= new Reader());
}

/**
 * The texts of all codes in an image file, each once. Rejects what is no image.
 */
export async function readImage(file: Blob): Promise<string[]> {
  // Workers of older browsers cannot draw.
  const image = typeof OffscreenCanvas === 'undefined' ? await drawn(file) : file;
  return (await theReader().image(image)).texts;
}

async function drawn(file: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('this browser cannot draw');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
