import { ApiProperty, PickType } from '@nestjs/swagger';
import { ChangeOf, JsonList, Ref } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { fixedId } from '../../people';
import { Activity } from './activity.entity';

const FIELDS = ['on', 'kind', 'title', 'mode', 'minutes', 'preparationMinutes', 'attendance'] as const;

export class NewActivity extends PickType(Activity, FIELDS) {}

export class ActivityChange extends ChangeOf(PickType(Activity, FIELDS)) {}

export class ActivityPage extends PageOf(Activity) {}

export class ActivityQuery extends PageQuery {}

/** An activity of one of several people. */
export class ActivityOf extends NewActivity {
  @Ref('The involvement that it belongs to.', {
    virtual: true,
    example: fixedId('involvement', 'joan-pattinson-in-steady-steps'),
  })
  involvementId: string;
}

/** One session, put on record for everybody who was or will be there. */
export class NewActivities {
  @JsonList(() => ActivityOf, { items: 500, min: 1 }, 'One activity for each person. All are recorded, or none.', {
    virtual: true,
  })
  items: ActivityOf[];
}

export class ActivitiesMade {
  @ApiProperty({ type: Activity, isArray: true, description: 'What was recorded, in the order sent.' })
  data: Activity[];
}
