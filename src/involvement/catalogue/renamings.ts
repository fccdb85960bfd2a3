import { Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { StoredEvent } from '../../kernel/events/reader';
import { Relay } from '../../kernel/events/relay';
import { OpportunityEvent, ProjectEvent } from '../events';

/**
 * A new name of an organisation or title of a project stands in its public opportunities, too: sites are told of each, so that
 * their copies stay right, and nobody is told of changes that the catalogue does not show. Each is held while it is told, so that its events keep the order of its versions. An event that comes twice tells twice, which does no harm.
 */
@Injectable()
export class Renamings implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly relay: Relay,
  ) {}

  onModuleInit(): void {
    this.relay.consumer('catalogue.renamings', {
      types: ['organisation.changed', ProjectEvent.Changed],
      handle: (event) => this.handle(event),
    });
  }

  async handle({ subject, subjectId, traceId, data }: StoredEvent): Promise<void> {
    const shown = subject === 'project' ? 'title' : 'name';
    if (Array.isArray(data.fields) && !data.fields.includes(shown)) return;
    await this.db.write(theService(traceId ?? undefined), async (tx) => {
      const concerned = await tx.query<{ id: string; version: number; organisation_id: string }>(
        `SELECT o.id, o.version, o.organisation_id FROM involvement.catalogue_entry c
         JOIN involvement.opportunity o ON o.id = c.opportunity_id
         WHERE c.${subject === 'project' ? 'project_id' : 'organisation_id'} = $1 ORDER BY o.id FOR SHARE OF o`,
        [subjectId],
      );
      for (const { id, version, organisation_id: organisationId } of concerned) {
        tx.emit({
          type: OpportunityEvent.Changed,
          subject: 'opportunity',
          subjectId: id,
          version,
          organisationId,
          data: { material: false },
        });
      }
    });
  }
}
