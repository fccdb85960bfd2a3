import { ApiProperty } from '@nestjs/swagger';
import { Choice } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { ErasedSubject } from '../../kernel/privacy/personal-data';

/** Why somebody is erased by a request. Times that run out are the service's own matter. */
export const ErasureReason = { Asked: 'asked_by_person', Error: 'recorded_in_error' } as const;
export type ErasureReason = (typeof ErasureReason)[keyof typeof ErasureReason];

/** One kind of data in a person's copy. */
export class PersonSection {
  @ApiProperty({ description: 'What this part is.' })
  heading: string;

  @ApiProperty({ description: 'What is held, in plain English.' })
  holds: string;

  @ApiProperty({ description: 'How long it is kept.' })
  keptFor: string;

  @ApiProperty({ description: 'The law, regulation or policy that says so.' })
  rule: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description:
      'The rows, each with the names of its own fields; none where nothing is held. What a row refers to is named where it has a name: the organisation, the project, the opportunity. `createdAt` and `updatedAt` say when the row was first written down and last changed. All times are UTC.',
  })
  rows: object[];
}

/** Everything that is held about a person. */
export class PersonCopy {
  @ApiProperty({ format: 'uuid', description: 'The contributor.' })
  contributorId: string;

  @ApiProperty({ format: 'date-time', description: 'When the copy was put together.' })
  madeAt: string;

  @ApiProperty({
    type: PersonSection,
    isArray: true,
    description: 'Every kind of data, those of which nothing is held too.',
  })
  sections: PersonSection[];
}

export class EraseRequest {
  @Choice(ErasureReason, 'ErasureReason', 'Why.', {
    virtual: true,
    example: 'asked_by_person',
  })
  because: ErasureReason;
}

class Went {
  @ApiProperty({ description: 'The table.' })
  table: string;

  @ApiProperty({ description: 'What it held, in plain English.' })
  what: string;

  @ApiProperty({ type: 'integer', description: 'How many rows were removed, or no longer tell whose they were.' })
  rows: number;
}

class StayedBehind {
  @ApiProperty({ description: 'The table.' })
  table: string;

  @ApiProperty({ description: 'What stayed, in plain English.' })
  what: string;

  @ApiProperty({ description: 'The rule under which it stayed.' })
  rule: string;
}

/** What an erasure removed and what it left. */
export class ErasureReceipt {
  @ApiProperty({ format: 'uuid', description: 'Identifier of the receipt.' })
  id: string;

  @ApiProperty({
    enum: Object.values(ErasedSubject),
    description:
      'What was erased: a person with all their data, an interest of somebody without a record, or an account.',
  })
  subject: ErasedSubject;

  @ApiProperty({
    format: 'uuid',
    description: 'The id that the person, interest or account had; it leads to nobody now.',
  })
  subjectId: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was done.' })
  erasedAt: Date;

  @ApiProperty({ enum: ['asked_by_person', 'kept_long_enough', 'recorded_in_error'], description: 'Why.' })
  because: string;

  @ApiProperty({ type: Went, isArray: true, description: 'What went.' })
  went: Went[];

  @ApiProperty({ type: StayedBehind, isArray: true, description: 'What stayed, and why.' })
  stayed: StayedBehind[];
}

export class ReaderRole {
  @ApiProperty({ description: 'The role, at that time.', example: 'coordinator' })
  role: string;

  @ApiProperty({ description: 'The organisation in which it held.' })
  organisation: string;
}

/** One reading of a person's data. */
export class ReadEntry {
  @ApiProperty({ description: 'Place in the ledger.' })
  id: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When.' })
  at: Date;

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The account that read; null where the service did.',
  })
  accountId: string | null;

  @ApiProperty({ enum: ['person', 'system', 'service', 'anonymous'], description: 'Kind of reader.' })
  reader: string;

  @ApiProperty({
    type: ReaderRole,
    isArray: true,
    description: 'The roles that the reader had on that day, and where.',
  })
  roles: ReaderRole[];

  @ApiProperty({ enum: ['read', 'exported'], description: 'Read, or taken out in a file.' })
  action: string;

  @ApiProperty({ description: 'Kind of record.', example: 'contributor' })
  subject: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why, by the slug of a purpose.' })
  purpose: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'What was shown, in plain English.' })
  what: string | null;
}

export class ReadPage extends PageOf(ReadEntry) {}
export class ReadFilter extends PageQuery {}
