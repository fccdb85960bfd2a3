import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { ApiId, Id, IfMatch, IfMatchGiven, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { KEEP_MAILBOXES } from '../permissions';
import { MailboxBody, MailboxDetails } from './mailbox.dto';
import { ReminderMailboxes } from './mailbox.service';

/** The late network of the demonstration, which has an address. */
const WITH = fixedId('organisation', 'rrdn-south-west-peninsula');
/** One that has none. */
const WITHOUT = fixedId('organisation', 'rrdn-south-east');
const OF = 'Id of the organisation.';

@ApiTags('Diversity: collections')
@Controller('v1/diversity/reminder-mailboxes')
export class ReminderMailboxController {
  constructor(private readonly mailboxes: ReminderMailboxes) {}

  @Get(':organisation')
  @Can(KEEP_MAILBOXES)
  @ApiId(WITH, 'organisation', OF)
  @ApiOperation({
    summary: 'Read where an organisation is reminded',
    description:
      'The address to which reminders of a late return go, in every collection. For the organisation itself and for data stewards; the reading is put on record.',
  })
  @ApiOkResponse({ type: MailboxDetails })
  get(@Who() who: Actor, @Id('organisation') organisation: string): Promise<MailboxDetails> {
    return this.mailboxes.get(who, organisation);
  }

  @Put(':organisation')
  @HttpCode(200)
  @Can(KEEP_MAILBOXES)
  @ApiId(WITHOUT, 'organisation', OF)
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the address as you last read it; needed where there is one already.',
    schema: { type: 'string', maxLength: 100, example: '"1-json"' },
  })
  @ApiOperation({
    summary: 'Say where an organisation is to be reminded',
    description:
      'One address for all its collections, those to come too. Kept encrypted until it is taken out, or two years after the last collection of the organisation was closed.',
  })
  @ApiOkResponse({ type: MailboxDetails })
  put(
    @Who() who: Actor,
    @Id('organisation') organisation: string,
    @IfMatchGiven() version: number | undefined,
    @Body() body: MailboxBody,
  ): Promise<MailboxDetails> {
    return this.mailboxes.put(who, organisation, version, body);
  }

  @Delete(':organisation')
  @HttpCode(204)
  @Can(KEEP_MAILBOXES)
  @ApiId(WITH, 'organisation', OF)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Take out where an organisation is reminded',
    description: 'No more e-mails are sent; who runs a collection sees that there is nobody to send them to.',
  })
  @ApiNoContentResponse({ description: 'The address is gone.' })
  remove(@Who() who: Actor, @Id('organisation') organisation: string, @IfMatch() version: number): Promise<void> {
    return this.mailboxes.remove(who, organisation, version);
  }
}
