import { icu } from '../message';
import type { DeviceTexts } from '../texts';

export const device: DeviceTexts = {
  roles: { staff: 'Staff', inspector: 'Inspector', admin: 'Admin' },
  device: {
    title: 'This device',
    sound: 'Sound',
    vibration: 'Vibration',
    theme: 'Appearance',
    camera: 'Camera',
    torch: 'Light',
    zoom: 'Zoom',
    front: 'Front camera',
    back: 'Back camera',
  },
  themes: { system: 'As the system', dark: 'Dark', light: 'Light' },
  pin: {
    enter: icu('{role, select, inspector {Inspector’s PIN} admin {Admin’s PIN} other {Staff PIN}}'),
    choose: icu('{role, select, inspector {Choose the inspector’s PIN} admin {Choose the admin’s PIN} other {Choose the staff PIN}}'),
    again: 'Enter the same PIN again',
    differ: 'The two PINs differ. Choose again.',
    wait: icu('Too many wrong PINs. Wait {seconds, plural, one {# second} other {# seconds}}.'),
    none_yet: 'There is no PIN yet. Ask the admin to set one.',
    erase: 'Erase the last digit',
    confirm: 'OK',
  },
};
