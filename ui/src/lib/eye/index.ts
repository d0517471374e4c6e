export { PageCamera } from './camera';
export { readImage } from './image';
export { type Hint } from './messages';
