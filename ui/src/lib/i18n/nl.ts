import type { Texts } from './texts';
import { device } from './nl/device';
import { door } from './nl/door';
import { office } from './nl/office';
import { reasons } from './nl/reasons';

export const nl: Texts = {
  locale: 'nl-NL',
  dir: 'ltr',
  birth: { between: '-', months: [] },
  ...reasons,
  ...door,
  ...device,
  ...office,
};
