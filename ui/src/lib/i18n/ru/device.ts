import { icu } from '../message';
import type { DeviceTexts } from '../texts';

export const device: DeviceTexts = {
  roles: { staff: 'Сотрудник', inspector: 'Инспектор', admin: 'Администратор' },
  device: {
    title: 'Это устройство',
    sound: 'Звук',
    vibration: 'Вибрация',
    theme: 'Оформление',
    camera: 'Камера',
    torch: 'Подсветка',
    zoom: 'Приближение',
    front: 'Передняя камера',
    back: 'Задняя камера',
  },
  themes: { system: 'Как в системе', dark: 'Тёмное', light: 'Светлое' },
  pin: {
    enter: icu('{role, select, inspector {PIN-код инспектора} admin {PIN-код администратора} other {PIN-код сотрудника}}'),
    choose: icu('{role, select, inspector {Задайте PIN-код инспектора} admin {Задайте PIN-код администратора} other {Задайте PIN-код сотрудника}}'),
    again: 'Введите тот же PIN-код ещё раз',
    differ: 'PIN-коды не совпали. Задайте заново.',
    wait: icu('Слишком много ошибок. Подождите {seconds, plural, one {# секунду} few {# секунды} many {# секунд} other {# секунды}}.'),
    none_yet: 'PIN-код ещё не задан. Попросите администратора задать его.',
    erase: 'Стереть последнюю цифру',
    confirm: 'Готово',
  },
};
