import type { Texts } from './texts';
import { device } from './fr/device';
import { door } from './fr/door';
import { office } from './fr/office';
import { reasons } from './fr/reasons';

export const fr: Texts = {
  locale: 'fr-FR',
  dir: 'ltr',
  birth: { between: '/', months: [] },
  ...reasons,
  ...door,
  ...device,
  ...office,
};
