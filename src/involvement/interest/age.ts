/** Whole years that each age group covers. */
const YEARS: Readonly<Record<string, readonly [number, number]>> = {
  'under-16': [0, 15],
  '16-to-17': [16, 17],
  adult: [18, 120],
};

/** The ages that an opportunity is for. */
export interface AgesWanted {
  minAge: number | null;
  maxAge: number | null;
  openToUnder18: boolean;
}

/**
 * Whether somebody of the age group can be of an age that is wanted. Only the group is known, so whoever might fit is let through;
 * so is somebody whose group is not known.
 */
export function mayFitAge(ages: AgesWanted, group: string | null): boolean {
  const years = group === null ? undefined : YEARS[group];
  if (!years) return true;
  const [from, to] = years;
  if (to < 18 && !ages.openToUnder18) return false;
  return (ages.minAge ?? 0) <= to && (ages.maxAge ?? 120) >= from;
}
