import type { Clock } from '../../kernel/clock';
import { dayInUk } from '../../kernel/clock';
import type { Tx } from '../../kernel/db/tx';
import type { BlindIndex } from '../../kernel/privacy/blind-index';
import type { Consents } from '../../kernel/privacy/consents';
import type { Sealer } from '../../kernel/privacy/sealer';
import type { InterestKeys } from '../interest/interest-keys';
import type { InterestParts } from '../interest/interest-parts';
import type { NoticeOwing } from '../notice/notice-owing';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What the loader works with: one transaction, the service's own tools, and days counted from the day of loading. */
export class Stage {
  constructor(
    readonly tx: Tx,
    readonly clock: Clock,
    readonly sealer: Sealer,
    readonly index: BlindIndex,
    readonly consents: Consents,
    readonly keys: InterestKeys,
    readonly parts: InterestParts,
    readonly owing: NoticeOwing,
  ) {}

  /** The moment so many days and hours from now. */
  at(days: number, hours = 0): Date {
    return new Date(this.tx.at.getTime() + days * DAY_MS + hours * HOUR_MS);
  }

  /** The same, but never later than now. */
  past(days: number, hours = 0): Date {
    return new Date(Math.min(this.at(days, hours).getTime(), this.tx.at.getTime()));
  }

  /** The UK day so many days from today, as YYYY-MM-DD. Counted by the calendar, since two days in the year have no 24 hours. */
  day(days: number): string {
    return new Date(Date.parse(dayInUk(this.tx.at)) + days * DAY_MS).toISOString().slice(0, 10);
  }
}
