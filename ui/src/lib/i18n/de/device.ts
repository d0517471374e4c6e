import { icu } from '../message';
import type { DeviceTexts } from '../texts';

export const device: DeviceTexts = {
  roles: { staff: 'Personal', inspector: 'Inspektor', admin: 'Administrator' },
  device: {
    title: 'Dieses Gerät',
    sound: 'Ton',
    vibration: 'Vibration',
    theme: 'Darstellung',
    camera: 'Kamera',
    torch: 'Licht',
    zoom: 'Zoom',
    front: 'Frontkamera',
    back: 'Rückkamera',
  },
  themes: { system: 'Wie das System', dark: 'Dunkel', light: 'Hell' },
  pin: {
    enter: icu('{role, select, inspector {PIN des Inspektors} admin {PIN des Administrators} other {PIN des Personals}}'),
    choose: icu('{role, select, inspector {PIN des Inspektors festlegen} admin {PIN des Administrators festlegen} other {PIN des Personals festlegen}}'),
    again: 'Dieselbe PIN noch einmal eingeben',
    differ: 'Die beiden PINs sind verschieden. Wählen Sie neu.',
    wait: icu('Zu viele falsche PINs. Warten Sie {seconds, plural, one {# Sekunde} other {# Sekunden}}.'),
    none_yet: 'Es gibt noch keine PIN. Bitten Sie den Administrator, eine festzulegen.',
    erase: 'Letzte Ziffer löschen',
    confirm: 'OK',
  },
};
