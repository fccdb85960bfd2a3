import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { CHANGE_INVOLVEMENTS, READ_INVOLVEMENTS } from '../permissions';
import {
  InvolvementChange,
  InvolvementEnd,
  InvolvementPage,
  InvolvementQuery,
  NewInvolvement,
} from './involvement.dto';
import { Involvement } from './involvement.entity';
import { InvolvementService } from './involvement.service';

const EXAMPLE = fixedId('involvement', 'joan-pattinson-in-steady-steps');

@ApiTags('Involvements')
@Controller('v1/involvements')
export class InvolvementController {
  constructor(private readonly involvements: InvolvementService) {}

  @Get()
  @Can(READ_INVOLVEMENTS)
  @ApiOperation({
    summary: 'Involvements that you may see, newest first',
    description: 'A contributor sees their own, a researcher those of their projects.',
  })
  @ApiOkResponse({ type: InvolvementPage })
  list(@Who() who: Actor, @Query() query: InvolvementQuery): Promise<InvolvementPage> {
    return this.involvements.list(who, query);
  }

  @Get(':id')
  @Can(READ_INVOLVEMENTS)
  @ApiOperation({ summary: 'One involvement' })
  @ApiId(EXAMPLE)
  @ApiOkResponse({ type: Involvement })
  get(@Who() who: Actor, @Id() id: string): Promise<Involvement> {
    return this.involvements.get(who, id);
  }

  @Post()
  @Can(CHANGE_INVOLVEMENTS)
  @Made('/v1/involvements/:id')
  @ApiOperation({
    summary: 'Begin an involvement without an interest',
    description:
      'For somebody who was asked, or was there before this service. An accepted interest begins one by itself.',
  })
  @ApiCreatedResponse({ type: Involvement })
  begin(@Who() who: Actor, @Body() body: NewInvolvement): Promise<Involvement> {
    return this.involvements.begin(who, body);
  }

  @Patch(':id')
  @Can(CHANGE_INVOLVEMENTS)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Change the role or the days of an involvement' })
  @ApiId(EXAMPLE)
  @ApiOkResponse({ type: Involvement })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: InvolvementChange,
  ): Promise<Involvement> {
    return this.involvements.change(who, id, version, body);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Can(CHANGE_INVOLVEMENTS)
  @ApiOperation({ summary: 'End an involvement', description: 'Where no activity was attended it is cancelled.' })
  @ApiId(EXAMPLE)
  @ApiOkResponse({ type: Involvement })
  end(@Who() who: Actor, @Id() id: string, @Body() body: InvolvementEnd): Promise<Involvement> {
    return this.involvements.end(who, id, body);
  }
}
