import type { Texts } from './texts';
import { device } from './en/device';
import { door } from './en/door';
import { office } from './en/office';
import { reasons } from './en/reasons';

export const en: Texts = {
  locale: 'en-GB',
  dir: 'ltr',
  birth: {
    between: ' ',
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'June', 'July', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'],
  },
  ...reasons,
  ...door,
  ...device,
  ...office,
};
