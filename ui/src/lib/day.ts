/** A local day as a date field has it: `YYYY-MM-DD`. */
export function dayOf(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** The day so many days after another; the same where it is none. */
export function dayAfter(day: string, days: number): string {
  const start = startOf(day);
  if (start === null) return day;
  start.setDate(start.getDate() + days);
  return dayOf(start);
}

/** The days from one to another, both included: first and after the last second, in seconds UTC; `null` where one is none. */
export function spanOf(from: string, to: string): { from: number; until: number } | null {
  const [start, end] = [startOf(from), startOf(dayAfter(to, 1))];
  if (start === null || end === null || startOf(to) === null) return null;
  return { from: start.getTime() / 1000, until: end.getTime() / 1000 };
}

/** Midnight of a local day. */
function startOf(day: string): Date | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (!year || !month || !date) return null;
  const start = new Date(Number(year), Number(month) - 1, Number(date));
  return dayOf(start) === day ? start : null;
}
