import { Injectable } from '@nestjs/common';

/** The time zone of every closing day and working day in the service. */
export const UK_TIME = 'Europe/London';

const ukDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: UK_TIME,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const ukTime = new Intl.DateTimeFormat('en-GB', {
  timeZone: UK_TIME,
  hourCycle: 'h23',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

/** The only source of the present moment, so that a test can set it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** The day that it is now in the UK, as YYYY-MM-DD. */
  today(): string {
    return dayInUk(this.now());
  }

  /** The instant at which a UK day is over: midnight, UK time, at the start of the next day. */
  endOfDay(day: string): Date {
    return startOfUkDay(nextDay(day));
  }

  /** The instant at which a UK day begins. */
  startOfDay(day: string): Date {
    return startOfUkDay(day);
  }
}

/** A clock that stands still until it is set. */
export class FixedClock extends Clock {
  private instant: Date;

  constructor(instant: string | Date) {
    super();
    this.instant = new Date(instant);
  }

  override now(): Date {
    return new Date(this.instant);
  }

  set(instant: string | Date): void {
    this.instant = new Date(instant);
  }

  /** Moves on by so many milliseconds. */
  advance(milliseconds: number): void {
    this.instant = new Date(this.instant.getTime() + milliseconds);
  }
}

/** The UK day in which an instant falls, as YYYY-MM-DD. */
export function dayInUk(instant: Date): string {
  const part = parts(ukDay, instant);
  return `${part('year')}-${part('month')}-${part('day')}`;
}

function startOfUkDay(day: string): Date {
  const midnight = utcMidnight(day);
  // The UK is at or ahead of UTC, so its midnight is this instant or the offset before it. Both clock changes
  // happen at 01:00 UTC, after midnight, so the offset that holds one hour earlier is the one that holds at midnight.
  const offset = ukOffset(new Date(midnight.getTime() - 3_600_000));
  return new Date(midnight.getTime() - offset);
}

/** How many milliseconds UK time is ahead of UTC at an instant. */
function ukOffset(instant: Date): number {
  const part = parts(ukTime, instant);
  const shown = Date.UTC(
    +part('year'),
    +part('month') - 1,
    +part('day'),
    +part('hour'),
    +part('minute'),
    +part('second'),
  );
  return shown - Math.floor(instant.getTime() / 1000) * 1000;
}

function nextDay(day: string): string {
  return new Date(utcMidnight(day).getTime() + 86_400_000).toISOString().slice(0, 10);
}

function utcMidnight(day: string): Date {
  const midnight = new Date(`${day}T00:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) {
    throw new RangeError(`not a day written as YYYY-MM-DD: ${day}`);
  }
  return midnight;
}

function parts(format: Intl.DateTimeFormat, instant: Date): (type: Intl.DateTimeFormatPartTypes) => string {
  const found = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
  return (type) => found.get(type) ?? '';
}
