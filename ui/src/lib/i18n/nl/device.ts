import { icu } from '../message';
import type { DeviceTexts } from '../texts';

export const device: DeviceTexts = {
  roles: { staff: 'Medewerker', inspector: 'Inspecteur', admin: 'Beheerder' },
  device: {
    title: 'Dit apparaat',
    sound: 'Geluid',
    vibration: 'Trillen',
    theme: 'Weergave',
    camera: 'Camera',
    torch: 'Lamp',
    zoom: 'Zoom',
    front: 'Camera voor',
    back: 'Camera achter',
  },
  themes: { system: 'Zoals het systeem', dark: 'Donker', light: 'Licht' },
  pin: {
    enter: icu('{role, select, inspector {Pincode van de inspecteur} admin {Pincode van de beheerder} other {Pincode van de medewerkers}}'),
    choose: icu('{role, select, inspector {Kies de pincode van de inspecteur} admin {Kies de pincode van de beheerder} other {Kies de pincode van de medewerkers}}'),
    again: 'Voer dezelfde pincode nog eens in',
    differ: 'De twee pincodes verschillen. Kies opnieuw.',
    wait: icu('Te veel onjuiste pincodes. Wacht {seconds, plural, one {# seconde} other {# seconden}}.'),
    none_yet: 'Er is nog geen pincode. Vraag de beheerder er een in te stellen.',
    erase: 'Laatste cijfer wissen',
    confirm: 'OK',
  },
};
