import { icu } from '../message';
import type { DeviceTexts } from '../texts';

export const device: DeviceTexts = {
  roles: { staff: 'Personale', inspector: 'Ispettore', admin: 'Amministratore' },
  device: {
    title: 'Questo dispositivo',
    sound: 'Suono',
    vibration: 'Vibrazione',
    theme: 'Aspetto',
    camera: 'Fotocamera',
    torch: 'Luce',
    zoom: 'Zoom',
    front: 'Fotocamera anteriore',
    back: 'Fotocamera posteriore',
  },
  themes: { system: 'Come il sistema', dark: 'Scuro', light: 'Chiaro' },
  pin: {
    enter: icu('{role, select, inspector {PIN dell’ispettore} admin {PIN dell’amministratore} other {PIN del personale}}'),
    choose: icu('{role, select, inspector {Scegliere il PIN dell’ispettore} admin {Scegliere il PIN dell’amministratore} other {Scegliere il PIN del personale}}'),
    again: 'Inserire di nuovo lo stesso PIN',
    differ: 'I due PIN sono diversi. Scegliere di nuovo.',
    wait: icu('Troppi PIN errati. Attendere {seconds, plural, one {# secondo} many {# di secondi} other {# secondi}}.'),
    none_yet: 'Non c’è ancora un PIN. Chiedere all’amministratore di impostarlo.',
    erase: 'Cancella l’ultima cifra',
    confirm: 'OK',
  },
};
