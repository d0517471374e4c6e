import type { Texts } from './texts';
import { device } from './it/device';
import { door } from './it/door';
import { office } from './it/office';
import { reasons } from './it/reasons';

export const it: Texts = {
  locale: 'it-IT',
  dir: 'ltr',
  birth: { between: '/', months: [] },
  ...reasons,
  ...door,
  ...device,
  ...office,
};
