/** A schedule of five fields: minute, hour, day of the month, month, day of the week (0 is Sunday). In UTC. */
export interface Schedule {
  readonly text: string;
  matches(minute: Date): boolean;
}

const FIELDS = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'day of the week', from: 0, to: 6 },
] as const;

/**
 * Reads a schedule such as `0 3 * * *` or `30 2 * * 1-5`. Each field is `*`, a number, a range, any of these by steps, or a
 * list. As everywhere with cron, where both kinds of day are narrowed either of them is enough.
 */
export function cron(text: string): Schedule {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) throw new Error(`Schedule "${text}" does not have five fields`);
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, i) => values(text, parts[i] ?? '', field));
  const bothNarrowed = parts[2] !== '*' && parts[4] !== '*';
  return {
    text,
    matches(at) {
      const day = days?.has(at.getUTCDate()) ?? false;
      const weekday = weekdays?.has(at.getUTCDay()) ?? false;
      return (
        (minutes?.has(at.getUTCMinutes()) ?? false) &&
        (hours?.has(at.getUTCHours()) ?? false) &&
        (months?.has(at.getUTCMonth() + 1) ?? false) &&
        (bothNarrowed ? day || weekday : day && weekday)
      );
    },
  };
}

const MINUTE = 60_000;

/** The last minute at or before `now` that the schedule names, looking back so many minutes; null where there is none. */
export function lastDue(schedule: Schedule, now: Date, minutesBack = 1440): Date | null {
  const minute = Math.floor(now.getTime() / MINUTE) * MINUTE;
  for (let back = 0; back < minutesBack; back++) {
    const at = new Date(minute - back * MINUTE);
    if (schedule.matches(at)) return at;
  }
  return null;
}

function values(text: string, part: string, field: (typeof FIELDS)[number]): Set<number> {
  const found = new Set<number>();
  for (const piece of part.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(piece);
    const step = Number(match?.[3] ?? 1);
    const from = Number(match?.[1] ?? field.from);
    const stepped = match?.[3] !== undefined && match[2] === undefined;
    const to = Number(match?.[2] ?? (match?.[1] === undefined || stepped ? field.to : from));
    if (!match || step < 1 || from < field.from || to > field.to || from > to) {
      throw new Error(`Schedule "${text}" has "${part}" for the ${field.name}`);
    }
    for (let value = from; value <= to; value += step) found.add(value);
  }
  return found;
}
