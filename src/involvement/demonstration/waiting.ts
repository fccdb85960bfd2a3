import { fixedId } from '../../people';
import { InterestEvent } from '../events';
import { contactDigest } from '../interest/contact';
import { hashOf } from '../interest/interest-keys';
import { Interest } from '../interest/interest.entity';
import { Notice } from '../notice/notice.entity';
import type { Opportunity } from '../opportunity/opportunity.entity';
import { accountId } from './people';
import type { Stage } from './stage';

/** What waits for somebody of the organiser to do it: a contact to be confirmed by a call, and a person to be told by one. */
export async function addWaiting(stage: Stage, opportunities: ReadonlyMap<string, Opportunity>): Promise<void> {
  await addWithoutRecord(stage, opportunities.get('gofal-gwledig-radio-plays'));
  await addCallToMake(stage);
}

/** Somebody who rang, has no contributor's record, and whose number nobody has rung back yet. */
async function addWithoutRecord(
  { tx, parts, index, keys }: Stage,
  opportunity: Opportunity | undefined,
): Promise<void> {
  if (!opportunity) throw new Error('The demonstration has no opportunity that somebody without a record rang about');
  const id = fixedId('interest', 'without-record');
  const person = {
    name: 'Nesta Pryce',
    email: null,
    phone: '01632 960788',
    address: null,
    replyBy: 'phone' as const,
  };
  const reference = keys.reference(id);
  const { id: opportunityId, organisationId } = opportunity;
  const interest = await tx.insert(
    Interest,
    {
      ...{ id, opportunityId, organisationId, channel: 'phone', receivedAt: tx.at, replyBy: 'phone' },
      sentByAccountId: accountId('coordinator', 'brynafon-university'),
      personSealed: parts.sealPerson(id, { person, groupName: null, help: null }),
      answersSealed: parts.sealAnswers(id, {
        answers: [
          { key: 'question-1', way: 'text', text: 'I kept the village shop for thirty years and heard everything.' },
        ],
        ...{ availability: 'Saturdays', howHeardWords: null },
      }),
      contactDigest: contactDigest(index, person) ?? undefined,
      ...{ referenceHash: hashOf(reference), referenceEnd: reference.slice(-4) },
    },
    { organisationId },
  );
  tx.emit({
    ...{ type: InterestEvent.Received, subject: 'interest', subjectId: id, version: interest.version, organisationId },
    data: { opportunityId, channel: 'phone', assisted: false, party: 'person' },
  });
}

/** Joan is still to be told by phone that what she sent has come. */
async function addCallToMake(stage: Stage): Promise<void> {
  const organisationId = fixedId('organisation', 'university-of-northmoor');
  const contributorId = fixedId('contributor', 'joan-pattinson');
  await stage.tx.insert(
    Notice,
    {
      ...{ id: fixedId('notice', 'call-to-make'), organisationId, contributorId },
      opportunityId: fixedId('opportunity', 'steady-steps-letter-review'),
      interestId: fixedId('interest', 'joan-pattinson-for-steady-steps-letter-review'),
      ...{ kind: 'interest-received', channel: 'phone', language: 'en', dueAt: stage.at(2) },
    },
    { personId: contributorId, organisationId },
  );
}
