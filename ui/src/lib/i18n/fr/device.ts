import { icu } from '../message';
import type { DeviceTexts } from '../texts';

export const device: DeviceTexts = {
  roles: { staff: 'Personnel', inspector: 'Inspecteur', admin: 'Administrateur' },
  device: {
    title: 'Cet appareil',
    sound: 'Son',
    vibration: 'Vibration',
    theme: 'Apparence',
    camera: 'Caméra',
    torch: 'Lampe',
    zoom: 'Zoom',
    front: 'Caméra avant',
    back: 'Caméra arrière',
  },
  themes: { system: 'Comme le système', dark: 'Sombre', light: 'Clair' },
  pin: {
    enter: icu('{role, select, inspector {Code PIN de l’inspecteur} admin {Code PIN de l’administrateur} other {Code PIN du personnel}}'),
    choose: icu('{role, select, inspector {Choisissez le code PIN de l’inspecteur} admin {Choisissez le code PIN de l’administrateur} other {Choisissez le code PIN du personnel}}'),
    again: 'Saisissez le même code PIN à nouveau',
    differ: 'Les deux codes PIN diffèrent. Recommencez.',
    wait: icu('Trop de codes PIN erronés. Patientez {seconds, plural, one {# seconde} many {# de secondes} other {# secondes}}.'),
    none_yet: 'Aucun code PIN pour l’instant. Demandez à l’administrateur d’en définir un.',
    erase: 'Effacer le dernier chiffre',
    confirm: 'OK',
  },
};
