import { applyDecorators, SetMetadata } from '@nestjs/common';

export const DEPRECATED = 'http:deprecated';

/** Where `@ApiOperation` keeps what it was told; the package does not export the name, and the decorator itself would blank the summary. */
const OPERATION = 'swagger/apiOperation';

/** Months that callers have at least, between being told and the end. */
const NOTICE_MONTHS = 6;

/** Headers that tell of a route's end: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594). */
export interface Ending {
  deprecation: string;
  sunset: string;
}

/**
 * The route will go. Its answers say since when that is known and when it ends, and the OpenAPI document marks it.
 * @param since day on which it was announced, YYYY-MM-DD
 * @param ends last day, YYYY-MM-DD; six months later at the earliest
 */
export function Deprecated(since: string, ends: string): MethodDecorator {
  const ending = endingOf(since, ends);
  const mark: MethodDecorator = (_target, _key, descriptor: PropertyDescriptor) => {
    const operation = (Reflect.getMetadata(OPERATION, descriptor.value as object) ?? {}) as object;
    Reflect.defineMetadata(OPERATION, { ...operation, deprecated: true }, descriptor.value as object);
  };
  return applyDecorators(SetMetadata(DEPRECATED, ending), mark);
}

/** @throws Error when a day is not one, or the notice is too short */
export function endingOf(since: string, ends: string): Ending {
  const [from, until] = [new Date(`${since}T00:00:00Z`), new Date(`${ends}T00:00:00Z`)];
  const earliest = new Date(from);
  earliest.setUTCMonth(earliest.getUTCMonth() + NOTICE_MONTHS);
  if (!(until >= earliest))
    throw new Error(
      `A route deprecated on ${since} may end on ${earliest.toISOString().slice(0, 10)} at the earliest, not on ${ends}`,
    );
  return { deprecation: `@${from.getTime() / 1000}`, sunset: until.toUTCString() };
}
