import type { Texts } from './texts';
import { device } from './ru/device';
import { door } from './ru/door';
import { office } from './ru/office';
import { reasons } from './ru/reasons';

export const ru: Texts = {
  locale: 'ru-RU',
  dir: 'ltr',
  birth: { between: '.', months: [] },
  ...reasons,
  ...door,
  ...device,
  ...office,
};
