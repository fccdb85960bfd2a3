import { ApiProperty, PickType } from '@nestjs/swagger';
import { Choice, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { ReplyBy } from '../interest/interest-state';
import { Notice, NoticeKind, NoticeState } from './notice.entity';

/** A notice, with its words and, for whoever is to tell it, how to reach the person. */
export class NoticeDetails extends PickType(Notice, [
  ...([
    'id',
    'createdAt',
    'updatedAt',
    'version',
    'opportunityId',
    'organisationId',
    'interestId',
    'involvementId',
    'contributorId',
  ] as const),
  ...(['kind', 'channel', 'language', 'state', 'dueAt', 'sentAt', 'toldAt', 'toldByAccountId', 'toldHow'] as const),
]) {
  @ApiProperty({ type: 'string', nullable: true, description: 'Name of the person.' })
  name: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'Where to reach the person by the channel that they chose; null where the record has no such address. Shown while the notice is owed.',
  })
  to: string | null;

  @ApiProperty({ type: 'string', description: 'In a few words, in the person’s language.' })
  subject: string;

  @ApiProperty({ type: 'string', description: 'The whole, in the person’s language: to be read out, or handed over.' })
  text: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'A note by whoever told the person.' })
  note: string | null;

  @ApiProperty({ type: 'boolean', description: 'Whether it is owed for longer than it should be.' })
  overdue: boolean;
}

export class NoticePage extends PageOf(NoticeDetails) {}

export class NoticeFilter extends PageQuery {
  @InChoice(Object.values(NoticeState), 'Owed, sent, told or dropped.', { example: 'owed' })
  state?: NoticeState;

  @InChoice(Object.values(NoticeKind), 'What it tells.', { example: 'offered' })
  kind?: NoticeKind;
}

export class NoticeSearch extends NoticeFilter {
  @InRef('The organisation that owes it.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisation?: string;

  @InRef('The opportunity.')
  opportunity?: string;

  @InChoice(Object.values(ReplyBy), 'How the person wants to be told.', { example: 'phone' })
  channel?: ReplyBy;
}

export class NoticeCountQuery {
  @InRef('The organisation that owes them.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisation?: string;
}

/** How many people wait for word. */
export class NoticeCount {
  @ApiProperty({ type: 'integer', description: 'Notices that are owed.' })
  owed: number;

  @ApiProperty({ type: 'integer', description: 'Those of them that are overdue: owed for more than five days.' })
  overdue: number;

  @ApiProperty({
    type: 'integer',
    description: 'Those of the owed that somebody must tell, since the person chose phone, in person or a supporter.',
  })
  byPerson: number;
}

export class Telling {
  @Choice(ReplyBy, 'ReplyBy', 'How the person was told.', { virtual: true, example: 'phone' })
  how: ReplyBy;

  @Text(1000, 'A note, for colleagues and for the person.', {
    virtual: true,
    optional: true,
    example: 'Will talk it over with her daughter.',
  })
  note?: string | null;
}
