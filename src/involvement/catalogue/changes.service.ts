import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { Conflict } from '../../kernel/errors/problem';
import { EventReader } from '../../kernel/events/reader';
import { eventTypes } from '../../kernel/events/declare';
import { JsonText } from '../../kernel/http/answer';
import { CatalogueService } from './catalogue.service';
import type { ChangesQuery } from './change';

/** The change feed: the public events of opportunities with the records that they are about. */
@Injectable()
export class ChangesService {
  private readonly types = eventTypes()
    .filter((t) => t.public && t.subject === 'opportunity')
    .map((t) => t.type);

  constructor(
    private readonly db: Db,
    private readonly events: EventReader,
    private readonly catalogue: CatalogueService,
  ) {}

  /** Changes after a position. The log is read first and the records second, so a record is never older than its change. */
  async after({ after, limit }: ChangesQuery): Promise<JsonText> {
    const batch = await this.events.after(BigInt(after), { limit, publicOnly: true, types: this.types });
    if (batch.events.length === 0) await this.mustBeKnown(BigInt(after));
    const bodies = await this.catalogue.bodies([...new Set(batch.events.map((e) => e.subjectId))]);
    const data = batch.events.map((event) => {
      const record = bodies.get(event.subjectId);
      const facts = JSON.stringify({
        position: event.position.toString(),
        eventId: event.id,
        type: event.type,
        at: event.at,
        id: event.subjectId,
        version: event.version,
        material: event.data.material === true,
        gone: record === undefined,
      });
      return `${facts.slice(0, -1)},"record":${record ?? 'null'}}`;
    });
    const meta = { after: batch.readTo.toString(), more: batch.more };
    return new JsonText(`{"data":[${data.join(',')}],"meta":${JSON.stringify(meta)}}`, {
      next: batch.more ? { after: meta.after } : undefined,
    });
  }

  /** A position beyond the log comes from another database, or from before a restore: a copy that goes on from it would stand still. */
  private async mustBeKnown(position: bigint): Promise<void> {
    const [head] = await this.db.query<{ position: string }>('SELECT position FROM kernel.event_head');
    if (position > BigInt(head?.position ?? '0'))
      throw new Conflict('position_unknown', 'This feed has not come so far. Start again from 0 with an empty copy.');
  }
}
