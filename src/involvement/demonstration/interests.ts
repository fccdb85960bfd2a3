import type { Fields } from '../../kernel/db/tx';
import type { SaidHow } from '../../kernel/privacy/consents';
import { dayInUk } from '../../kernel/clock';
import { fixedId } from '../../people';
import { InterestEvent } from '../events';
import { hashOf } from '../interest/interest-keys';
import { Interest } from '../interest/interest.entity';
import type { AssistedBy, InterestChannel } from '../interest/interest-state';
import type { NoticeKind } from '../notice/notice.entity';
import type { Opportunity } from '../opportunity/opportunity.entity';
import { accountId, SITE_ORGANISATION } from './people';
import type { DemonstrationInterest } from './shapes';
import type { Stage } from './stage';
import type { Texts } from './texts';

const SAID: Record<DemonstrationInterest['channel'], SaidHow> = {
  site: 'online',
  email: 'email',
  phone: 'phone',
  post: 'post',
  'in-person': 'in_person',
};
const HELPED: Record<DemonstrationInterest['channel'], AssistedBy> = {
  site: 'online',
  email: 'email',
  phone: 'phone',
  post: 'post',
  'in-person': 'in-person',
};
/** Days that an offer stays open. */
const OFFER_DAYS = 14;

/** One step of an interest, as the entity's rules allow it. */
interface Step {
  event: string;
  patch: (interest: Interest) => Fields<Interest>;
  data?: Record<string, unknown>;
}

/** Interests, brought to where they stand step by step, and the notices that are owed for it. By slug. */
export async function addInterests(
  stage: Stage,
  { interests, projects, opportunities }: Texts,
  made: ReadonlyMap<string, Opportunity>,
): Promise<Map<string, Interest>> {
  const organisationOf = (slug: string): string => {
    const project = opportunities.find((one) => one.slug === slug)?.project;
    return projects.find((one) => one.slug === project)?.organisation ?? '';
  };
  const added = new Map<string, Interest>();
  for (const text of interests) {
    const opportunity = made.get(text.opportunity);
    if (!opportunity) throw new Error(`The demonstration has no opportunity for ${text.slug}`);
    const sender =
      text.channel === 'site'
        ? accountId('site', SITE_ORGANISATION)
        : accountId('coordinator', organisationOf(text.opportunity));
    added.set(text.slug, await addInterest(stage, text, opportunity, sender));
  }
  return added;
}

async function addInterest(
  stage: Stage,
  text: DemonstrationInterest,
  opportunity: Opportunity,
  sentByAccountId: string,
): Promise<Interest> {
  const { tx, keys, parts } = stage;
  const id = fixedId('interest', text.slug);
  const contributorId = fixedId('contributor', text.contributor);
  const reference = keys.reference(id);
  const [helper = '', relation] = (text.assistedBy ?? '').split(', ');
  const help = text.assistedBy
    ? { name: helper, relation: relation?.replace(/^(her|his|their) /, ''), by: HELPED[text.channel] }
    : null;
  const fields = {
    answers: [{ key: 'question-1', way: 'text' as const, text: text.statement }],
    availability: text.availability,
    help,
  };
  const channel: InterestChannel = text.channel;
  let interest = await tx.insert(
    Interest,
    {
      ...{
        id,
        opportunityId: opportunity.id,
        organisationId: opportunity.organisationId,
        contributorId,
        sentByAccountId,
        siteOrganisationId: channel === 'site' ? fixedId('organisation', SITE_ORGANISATION) : undefined,
        channel,
      },
      ...{
        assisted: help !== null,
        assistedByChannel: help?.by,
        howHeard: text.heardFrom,
        keepOnFile: text.keepOnFile,
      },
      personSealed: parts.sealPerson(id, { person: null, groupName: null, help }),
      answersSealed: parts.sealAnswers(id, {
        answers: fields.answers,
        availability: text.availability,
        howHeardWords: null,
      }),
      ...{
        referenceHash: hashOf(reference),
        referenceEnd: reference.slice(-4),
        receivedAt: stage.past(text.receivedInDays),
      },
    },
    { personId: contributorId },
  );
  tell(stage, InterestEvent.Received, interest, { channel, assisted: interest.assisted, party: interest.party });
  if (text.keepOnFile)
    await stage.consents.give(tx, { personId: contributorId, purpose: 'keep-on-file', how: SAID[text.channel] });
  for (const { event, patch, data } of stepsOf(stage, text, id)) {
    interest = await tx.change(interest, patch(interest), interest.version, { personId: contributorId });
    tell(stage, event, interest, data);
  }
  await oweOutcome(stage, interest);
  return interest;
}

function stepsOf(stage: Stage, text: DemonstrationInterest, id: string): Step[] {
  const offeredAt = stage.past(text.receivedInDays, 12);
  const answeredAt = stage.past(text.receivedInDays, 20);
  const offeredOn = dayInUk(offeredAt);
  const answerBy = dayInUk(new Date(Math.max(offeredAt.getTime(), stage.at(-7).getTime()) + OFFER_DAYS * 86_400_000));
  const offer: Step = {
    event: InterestEvent.Offered,
    patch: (i) => i.offer(offeredAt, offeredOn, answerBy),
    data: { answerBy },
  };
  switch (text.state) {
    case 'received':
      return [];
    case 'shortlisted':
      return [{ event: InterestEvent.Shortlisted, patch: (i) => i.shortlist(offeredAt) }];
    case 'reserve':
      return [{ event: InterestEvent.Reserved, patch: (i) => i.reserve(offeredAt) }];
    case 'offered':
      return [offer];
    case 'accepted':
      return [offer, { event: InterestEvent.Accepted, patch: (i) => i.accept(answeredAt, dayInUk(answeredAt)) }];
    case 'declined':
      return [offer, { event: InterestEvent.Declined, patch: (i) => i.decline(answeredAt) }];
    case 'withdrawn':
      return [{ event: InterestEvent.Withdrawn, patch: (i) => i.withdraw(answeredAt), data: { was: 'received' } }];
    case 'not-selected':
      return [
        {
          event: InterestEvent.NotSelected,
          patch: (i) => i.turnDown(offeredAt, stage.parts.sealReason(id, text.reason ?? 'All places were taken.')),
        },
      ];
  }
}

const NOTICES: Partial<Record<Interest['state'], NoticeKind>> = {
  shortlisted: 'shortlisted',
  reserve: 'reserve',
  offered: 'offered',
  accepted: 'accepted',
  'not-selected': 'not-selected',
};

/** The person is owed word of where it stands; what the service can send, it sends once it runs. */
async function oweOutcome(stage: Stage, interest: Interest): Promise<void> {
  const kind = NOTICES[interest.state];
  if (kind) await stage.owing.owe(stage.tx, kind, [interest.id]);
}

function tell(
  { tx }: Stage,
  type: string,
  { id, version, organisationId, opportunityId }: Interest,
  data: Record<string, unknown> = {},
): void {
  tx.emit({ type, subject: 'interest', subjectId: id, version, organisationId, data: { opportunityId, ...data } });
}
