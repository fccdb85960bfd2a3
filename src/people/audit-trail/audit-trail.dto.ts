import { ApiProperty } from '@nestjs/swagger';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InDay, InRef, InText } from '../../kernel/http/query';
import { fixedId } from '../reference/fixed-id';

const uuid = (description: string) => ApiProperty({ type: 'string', format: 'uuid', nullable: true, description });
const text = (description: string, example: string, nullable = false) =>
  ApiProperty({ type: 'string', nullable, description, example });
const fields = (description: string) =>
  ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description,
    example: { name: '(private)' },
  });

/** One entry of the audit trail. */
export class AuditEntry {
  @text('Its place in the trail.', '4711')
  id: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was done.' })
  at: Date;

  @uuid('The account that did it; null for the service itself and for callers without one.')
  accountId: string | null;

  @uuid('The person for whom it was done, where somebody acted for another.')
  actingFor: string | null;

  @text('Kind of actor: person, system, service or anonymous.', 'person')
  actor: string;

  @text('What was done.', 'changed')
  action: string;

  @text('Kind of record.', 'organisation')
  subject: string;

  @uuid('The record.')
  subjectId: string | null;

  @uuid('The person whose data were touched.')
  personId: string | null;

  @uuid('The organisation whose people were read as a whole.')
  organisationId: string | null;

  @text('Why personal data were read.', 'taking-part', true)
  purpose: string | null;

  @fields('The changed fields before, private ones masked.')
  before: Record<string, unknown> | null;

  @fields('The changed fields after, private ones masked.')
  after: Record<string, unknown> | null;

  @text('The request in which it was done.', '4bf92f3577b34da6a3ce929d0e0e4736')
  traceId: string;
}

export class AuditPage extends PageOf(AuditEntry) {}

export class AuditQuery extends PageQuery {
  @InText(100, 'Only about this kind of record.', {
    example: 'organisation',
    pattern: /^[a-z][a-z_-]*$/,
    patternSays: 'Send a kind of record, such as organisation.',
  })
  subject?: string;

  @InRef('Only about this record.', { example: fixedId('organisation', 'leeds-teaching-hospitals') })
  subjectId?: string;

  @InText(100, 'Only this action.', {
    example: 'changed',
    pattern: /^[a-z][a-z_-]*$/,
    patternSays: 'Send an action, such as changed.',
  })
  action?: string;

  @InRef('Only what this account did.')
  accountId?: string;

  @InRef('Only what touched the data of this person.')
  personId?: string;

  @InDay('From the beginning of this day, UK time.', { example: '2026-11-01' })
  from?: string;

  @InDay('Up to the beginning of this day, UK time.', { example: '2026-12-01' })
  until?: string;
}
