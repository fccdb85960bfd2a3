import { isDay } from '../../../kernel/db/day';

/** Nobody has lived so long. */
const OLDEST = 130;

/** Why a date or year of birth cannot be taken: a code for programs, and what to do. */
export interface BirthFault {
  code: string;
  message: string;
}

/** A day written YYYY-MM-DD, or DD/MM/YYYY with any of / . - between. Years need four digits. */
export function readDay(written: string): string | undefined {
  const british = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(written);
  const day = british
    ? `${british[3]}-${british[2]?.padStart(2, '0')}-${british[1]?.padStart(2, '0')}`
    : written.slice(0, 10);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && isPlausibleDay(day) ? day : undefined;
}

/** `isDay` begins in 1900; a day before that is a day, too, and is refused for another reason. */
const isPlausibleDay = (day: string): boolean => isDay(day) || isDay(`19${day.slice(2)}`);

/** Whole years on a day. */
export function ageOn(day: string, born: string): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}

/** Age on `day` of somebody born on the written day, or why it cannot be. */
export function ageFromDay(written: string, day: string): number | BirthFault {
  const born = readDay(written);
  if (born === undefined)
    return {
      code: 'not_a_day',
      message: 'Write the date of birth as YYYY-MM-DD or DD/MM/YYYY, with four digits of the year.',
    };
  return checkedAge(ageOn(day, born), born > day);
}

/**
 * Age on `day` of somebody born in the written year, or why it cannot be: counted as if everybody were born on 1 July, as for answers
 * that are given here.
 */
export function ageFromYear(written: string, day: string): number | BirthFault {
  if (!/^\d{4}$/.test(written))
    return { code: 'not_a_year', message: 'Write the year of birth with four digits, such as 1968.' };
  const year = Number(day.slice(0, 4));
  return checkedAge(Math.max(0, ageOn(day, `${written}-07-01`)), Number(written) > year);
}

/** Age in whole years as it was written, or why it cannot be. */
export function ageFromYears(written: string): number | BirthFault {
  return checkedAge(Number(written), false);
}

function checkedAge(age: number, future: boolean): number | BirthFault {
  if (future || age < 0)
    return { code: 'born_in_future', message: 'This birth lies after the period of the collection. Check the year.' };
  if (age >= OLDEST)
    return {
      code: 'born_too_long_ago',
      message: `Somebody born then would be ${OLDEST} or older. Check the year, or leave it empty.`,
    };
  return age;
}

/** The band that holds an age, from codes such as `under-16`, `25-34` and `85-and-over`; undefined where none does. */
export function ageBand(age: number, codes: readonly { code: string }[]): string | undefined {
  return codes.find(({ code }) => {
    const [, below] = /^under-(\d+)$/.exec(code) ?? [];
    if (below !== undefined) return age < Number(below);
    const [, from, to, over] = /^(\d+)-(?:(\d+)|(and-over))$/.exec(code) ?? [];
    return from !== undefined && age >= Number(from) && (over !== undefined || age <= Number(to));
  })?.code;
}
