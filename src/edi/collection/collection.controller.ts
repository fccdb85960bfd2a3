import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { EmptyBody } from '../../kernel/http/input-declared';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { READ_COLLECTIONS, RUN_COLLECTIONS } from '../permissions';
import {
  CollectionChange,
  CollectionClosing,
  CollectionDetails,
  CollectionPage,
  CollectionProgress,
  CollectionQuery,
  NewCollection,
} from './collection.dto';
import { CollectionService } from './collection.service';

/** A collection of the demonstration. */
export const COLLECTION = fixedId('collection', 'autumn');
/** One that is still a draft there. */
const DRAFT = fixedId('collection', 'winter');

@ApiTags('Diversity: collections')
@Controller('v1/diversity/collections')
export class CollectionController {
  constructor(private readonly collections: CollectionService) {}

  @Get()
  @Can(READ_COLLECTIONS)
  @ApiOperation({
    summary: 'List collections',
    description: 'Those in which your organisation must return; for a steward, all. Newest first.',
  })
  @ApiOkResponse({ type: CollectionPage })
  list(@Who() who: Actor, @Query() query: CollectionQuery): Promise<Page<CollectionDetails>> {
    return this.collections.list(who, query);
  }

  @Post()
  @Can(RUN_COLLECTIONS)
  @Made('/v1/diversity/collections/:id')
  @ApiOperation({
    summary: 'Prepare a collection',
    description:
      'Period, questions, who must return by when in which forms, and the day announced for the release. Organisations see it once it is open.',
  })
  @ApiCreatedResponse({ type: CollectionDetails })
  add(@Who() who: Actor, @Body() body: NewCollection): Promise<CollectionDetails> {
    return this.collections.add(who, body);
  }

  @Get(':id')
  @Can(READ_COLLECTIONS)
  @ApiId(COLLECTION)
  @ApiOperation({ summary: 'Read a collection', description: 'With those who must return, and whom they followed.' })
  @ApiOkResponse({ type: CollectionDetails })
  get(@Who() who: Actor, @Id() id: string): Promise<CollectionDetails> {
    return this.collections.get(who, id);
  }

  @Patch(':id')
  @Can(RUN_COLLECTIONS)
  @ApiId(DRAFT)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Change a collection',
    description:
      'Everything while it is a draft; once it is open, its title, dates, note, contact and who must return. A list of organisations takes the place of the one there is.',
  })
  @ApiOkResponse({ type: CollectionDetails })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: CollectionChange,
  ): Promise<CollectionDetails> {
    return this.collections.change(who, id, version, body);
  }

  @Post(':id/open')
  @HttpCode(200)
  @Can(RUN_COLLECTIONS)
  @ApiId(DRAFT)
  @ApiOperation({
    summary: 'Open a collection',
    description:
      'Organisations then see it and return to it. Whom they followed is kept as it stands, so that a series breaks only where it is said.',
  })
  @ApiOkResponse({ type: CollectionDetails })
  open(@Who() who: Actor, @Id() id: string): Promise<CollectionDetails> {
    return this.collections.open(who, id);
  }

  @Post(':id/close')
  @HttpCode(200)
  @EmptyBody()
  @Can(RUN_COLLECTIONS)
  @ApiId(COLLECTION)
  @ApiOperation({
    summary: 'Close a collection',
    description:
      'Nothing is returned, signed off or opened again in it any more, and a release can be made of it. Where organisations have not signed off, it is refused (`returns_missing`) and says how many; to close it without them, send that number as `without`.',
  })
  @ApiBody({ type: CollectionClosing, required: false })
  @ApiOkResponse({ type: CollectionDetails })
  close(@Who() who: Actor, @Id() id: string, @Body() body: CollectionClosing): Promise<CollectionDetails> {
    return this.collections.close(who, id, body.without ?? 0);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Can(RUN_COLLECTIONS)
  @ApiId(COLLECTION)
  @ApiOperation({
    summary: 'Open a closed collection again',
    description:
      'It takes returns again, and late organisations are reminded. Only as long as no release that is under way, ready or published was made of it. Whom to ask (`contact`) was taken out when it was closed; give it again.',
  })
  @ApiOkResponse({ type: CollectionDetails })
  reopen(@Who() who: Actor, @Id() id: string): Promise<CollectionDetails> {
    return this.collections.reopen(who, id);
  }

  @Get(':id/progress')
  @Can(READ_COLLECTIONS)
  @ApiId(COLLECTION)
  @ApiOperation({
    summary: 'See who has returned, who is late, and what became of reminders',
    description:
      'Late organisations are written to once each working day, till their return is here. Nothing here is counted from answers: how complete they are is told by releases, and to an organisation itself with its own figures.',
  })
  @ApiOkResponse({ type: CollectionProgress })
  progress(@Who() who: Actor, @Id() id: string): Promise<CollectionProgress> {
    return this.collections.progress(who, id);
  }
}
