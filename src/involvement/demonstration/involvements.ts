import { dayInUk } from '../../kernel/clock';
import { fixedId } from '../../people';
import { Activity, ActivityKind } from '../activity/activity.entity';
import { ActivityEvent, InvolvementEvent } from '../events';
import type { Interest } from '../interest/interest.entity';
import { toldBegun } from '../involvement/begin';
import { Involvement } from '../involvement/involvement.entity';
import type { DemonstrationActivity } from './shapes';
import type { Stage } from './stage';
import type { Texts } from './texts';

const KINDS: Record<DemonstrationActivity['kind'], ActivityKind> = {
  meeting: 'meeting',
  workshop: 'workshop',
  reading: 'document-review',
  interview: 'interview',
  training: 'training',
  presentation: 'event',
};

/** The involvement of each accepted interest, by the interest's slug. Its id is made of the contributor and the project. */
export async function addInvolvements(
  stage: Stage,
  texts: Texts,
  interests: ReadonlyMap<string, Interest>,
): Promise<Map<string, Involvement>> {
  const added = new Map<string, Involvement>();
  const used = new Set<string>();
  for (const text of texts.interests) {
    const interest = interests.get(text.slug);
    if (text.state !== 'accepted' || !interest?.contributorId || !interest.answeredAt) continue;
    const project = texts.opportunities.find((one) => one.slug === text.opportunity)?.project ?? '';
    const name = `${text.contributor}-in-${project}`;
    const slug = used.has(name) ? `${name}-${text.opportunity}` : name;
    used.add(slug);
    const done = texts.activities
      .filter((activity) => activity.interest === text.slug)
      .map((activity) => stage.day(activity.onInDays));
    const { id: interestId, opportunityId, organisationId, contributorId } = interest;
    const made = await stage.tx.insert(
      Involvement,
      {
        ...{
          id: fixedId('involvement', slug),
          interestId,
          opportunityId,
          organisationId,
          contributorId,
          projectId: fixedId('project', project),
        },
        ...{
          role: 'member',
          from: [dayInUk(interest.answeredAt), ...done].sort()[0] ?? '',
          until: null,
          state: 'planned',
        },
      },
      { personId: contributorId, organisationId },
    );
    toldBegun(stage.tx, made);
    added.set(text.slug, made);
  }
  return added;
}

/** What was done, and who was there. The first that was attended makes the involvement active. */
export async function addActivities(
  stage: Stage,
  { activities }: Texts,
  involvements: Map<string, Involvement>,
): Promise<void> {
  for (const text of activities) {
    const involvement = involvements.get(text.interest);
    if (!involvement) throw new Error(`The demonstration has no involvement for ${text.slug}`);
    const { id: involvementId, organisationId, contributorId } = involvement;
    const attendance = text.attended ? 'attended' : 'missed';
    const made = await stage.tx.insert(
      Activity,
      {
        ...{
          id: fixedId('activity', text.slug),
          involvementId,
          organisationId,
          on: stage.day(text.onInDays),
          kind: KINDS[text.kind],
          title: text.note.slice(0, 200),
        },
        ...{ mode: text.mode, minutes: text.hours * 60, preparationMinutes: text.preparationHours * 60, attendance },
      },
      { personId: contributorId, organisationId },
    );
    stage.tx.emit({
      type: ActivityEvent.Recorded,
      subject: 'activity',
      subjectId: made.id,
      version: made.version,
      organisationId,
      data: { involvementId, attendance },
    });
    if (!text.attended || involvement.state !== 'planned') continue;
    const active = await stage.tx.change(involvement, { state: 'active' }, involvement.version, {
      personId: contributorId,
      organisationId,
    });
    stage.tx.emit({
      type: InvolvementEvent.Started,
      subject: 'involvement',
      subjectId: active.id,
      version: active.version,
      organisationId,
    });
    involvements.set(text.interest, active);
  }
}
