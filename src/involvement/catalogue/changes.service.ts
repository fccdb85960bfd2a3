import { Injectable } from '@nestjs/common';
import { EventReader } from '../../kernel/events/reader';
import { eventTypes } from '../../kernel/events/declare';
import { JsonText } from '../../kernel/http/answer.interceptor';
import { CatalogueService } from './catalogue.service';
import type { ChangesQuery } from './change';

/** The change feed: the public events of opportunities with the records that they are about. */
@Injectable()
export class ChangesService {
  private readonly types = eventTypes()
    .filter((t) => t.public && t.subject === 'opportunity')
    .map((t) => t.type);

  constructor(
    private readonly events: EventReader,
    private readonly catalogue: CatalogueService,
  ) {}

  /** Changes after a position. The log is read first and the records second, so a record is never older than its change. */
  async after({ after, limit }: ChangesQuery): Promise<JsonText> {
    const batch = await this.events.after(BigInt(after), { limit, publicOnly: true, types: this.types });
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
}
