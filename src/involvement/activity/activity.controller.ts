import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { CHANGE_INVOLVEMENTS, READ_INVOLVEMENTS } from '../permissions';
import {
  ActivitiesMade,
  ActivityChange,
  ActivityPage,
  ActivityQuery,
  NewActivities,
  NewActivity,
} from './activity.dto';
import { Activity } from './activity.entity';
import { ActivityService } from './activity.service';

const INVOLVEMENT = fixedId('involvement', 'joan-pattinson-in-steady-steps');
const EXAMPLE = fixedId('activity', 'joan-pattinson-first-meeting');

@ApiTags('Activities')
@Controller('v1')
export class ActivityController {
  constructor(private readonly activities: ActivityService) {}

  @Get('involvements/:id/activities')
  @Can(READ_INVOLVEMENTS)
  @ApiOperation({ summary: 'Activities of an involvement, latest first' })
  @ApiId(INVOLVEMENT)
  @ApiOkResponse({ type: ActivityPage })
  list(@Who() who: Actor, @Id() id: string, @Query() query: ActivityQuery): Promise<ActivityPage> {
    return this.activities.list(who, id, query);
  }

  @Post('involvements/:id/activities')
  @Can(CHANGE_INVOLVEMENTS)
  @Made('/v1/activities/:id')
  @ApiOperation({
    summary: 'Put an activity on record',
    description: 'Before it, as expected; or from its day on, with who was there.',
  })
  @ApiId(INVOLVEMENT)
  @ApiCreatedResponse({ type: Activity })
  record(@Who() who: Actor, @Id() id: string, @Body() body: NewActivity): Promise<Activity> {
    return this.activities.record(who, id, body);
  }

  @Post('activities/bulk')
  @HttpCode(200)
  @Can(CHANGE_INVOLVEMENTS)
  @ApiOperation({
    summary: 'Put one session on record for several people',
    description: 'All activities are recorded, or none.',
  })
  @ApiOkResponse({ type: ActivitiesMade })
  recordAll(@Who() who: Actor, @Body() body: NewActivities): Promise<ActivitiesMade> {
    return this.activities.recordAll(who, body);
  }

  @Get('activities/:id')
  @Can(READ_INVOLVEMENTS)
  @ApiOperation({ summary: 'One activity' })
  @ApiId(EXAMPLE)
  @ApiOkResponse({ type: Activity })
  get(@Who() who: Actor, @Id() id: string): Promise<Activity> {
    return this.activities.get(who, id);
  }

  @Patch('activities/:id')
  @Can(CHANGE_INVOLVEMENTS)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Change an activity, or say who was there' })
  @ApiId(EXAMPLE)
  @ApiOkResponse({ type: Activity })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: ActivityChange,
  ): Promise<Activity> {
    return this.activities.change(who, id, version, body);
  }

  @Delete('activities/:id')
  @HttpCode(204)
  @Can(CHANGE_INVOLVEMENTS)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Take out an activity that was recorded in error' })
  @ApiId(EXAMPLE)
  @ApiNoContentResponse()
  remove(@Who() who: Actor, @Id() id: string, @IfMatch() version: number): Promise<void> {
    return this.activities.remove(who, id, version);
  }
}
