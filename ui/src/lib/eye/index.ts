export { PageCamera, type Tell } from './camera';
export type { Choice, Zoom } from './choice';
export { readImage } from './image';
export { HINTS, type Hint } from './messages';
