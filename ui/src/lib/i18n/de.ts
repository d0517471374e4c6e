import type { Texts } from './texts';
import { device } from './de/device';
import { door } from './de/door';
import { office } from './de/office';
import { reasons } from './de/reasons';

export const de: Texts = {
  locale: 'de-DE',
  dir: 'ltr',
  birth: { between: '.', months: [] },
  ...reasons,
  ...door,
  ...device,
  ...office,
};
