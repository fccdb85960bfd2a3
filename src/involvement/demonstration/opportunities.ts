import { fixedId } from '../../people';
import { OpportunityEvent } from '../events';
import type { Content } from '../opportunity/opportunity-content';
import type { OpportunityPayment, OtherTexts } from '../opportunity/opportunity-parts';
import { caughtUp, facts, keepVersion, tell, tellStep, versionFacts } from '../opportunity/opportunity-record';
import { Opportunity } from '../opportunity/opportunity.entity';
import { accountId } from './people';
import type { DemonstrationOpportunity, DemonstrationOrganisation } from './shapes';
import type { Stage } from './stage';
import type { Texts } from './texts';

const PER = { session: 'activity', task: 'activity', day: 'day', whole: 'total' } as const;
const FIRST = { number: 1, material: true, changes: [] };

/** Opportunities in all states, as their organisations would have brought them there. By slug. */
export async function addOpportunities(
  stage: Stage,
  { opportunities, projects, organisations }: Texts,
): Promise<Map<string, Opportunity>> {
  const organisationOf = new Map(
    projects.map((project) => [project.slug, organisations.find((one) => one.slug === project.organisation)]),
  );
  const made = new Map<string, Opportunity>();
  for (const text of opportunities) {
    const organisation = organisationOf.get(text.project);
    if (!organisation) throw new Error(`The demonstration has no organisation for ${text.slug}`);
    made.set(text.slug, await addOpportunity(stage, text, organisation));
  }
  return made;
}

async function addOpportunity(
  stage: Stage,
  text: DemonstrationOpportunity,
  organisation: DemonstrationOrganisation,
): Promise<Opportunity> {
  const { tx } = stage;
  const content = contentOf(stage, text, organisation);
  const author = accountId('researcher', organisation.slug);
  const isDraft = text.state === 'draft' || text.state === 'in-review';
  const ahead = text.publishedInDays > 0;
  const published = isDraft ? null : stage.at(text.publishedInDays, -2);
  const opportunity = await tx.insert(
    Opportunity,
    {
      ...content,
      ...{
        id: fixedId('opportunity', text.slug),
        organisationId: fixedId('organisation', organisation.slug),
        projectId: fixedId('project', text.project),
      },
      state: isDraft ? text.state : ahead ? 'scheduled' : 'published',
      closesAt: stage.clock.endOfDay(stage.day(text.closesInDays)),
      ...{ publishAt: published, publishedAt: ahead ? null : published, editedBy: author },
      ...(text.state === 'draft'
        ? {}
        : { submittedBy: author, submittedAt: stage.at(Math.min(text.publishedInDays, 0) - 3) }),
      ...(isDraft
        ? {}
        : {
            approvedBy: accountId('coordinator', organisation.slug),
            approvedAt: stage.at(Math.min(text.publishedInDays, 0) - 1),
          }),
      ...(published && !ahead ? { publishedVersion: 1, materialVersion: 1 } : {}),
    },
    { organisationId: fixedId('organisation', organisation.slug) },
  );
  tellStep(tx, 'Drafted', opportunity);
  if (isDraft || ahead) {
    if (text.state !== 'draft') tellStep(tx, ahead ? 'Scheduled' : 'Submitted', opportunity);
    return opportunity;
  }
  await keepVersion(tx, opportunity, FIRST, published ?? tx.at);
  tell(tx, OpportunityEvent.Published, opportunity, versionFacts(opportunity, FIRST));
  return moved(stage, text, opportunity);
}

/** What became of it after it was published. */
async function moved({ tx }: Stage, text: DemonstrationOpportunity, opportunity: Opportunity): Promise<Opportunity> {
  if (text.state === 'paused') {
    const paused = await tx.change(opportunity, { state: 'paused' }, opportunity.version, facts(opportunity));
    tell(tx, OpportunityEvent.Paused, paused);
    return paused;
  }
  if (text.state === 'withdrawn') {
    const withdrawnAt = new Date(tx.at.getTime() - 3_600_000);
    const withdrawn = await tx.change(
      opportunity,
      { state: 'withdrawn', withdrawnAt },
      opportunity.version,
      facts(opportunity),
    );
    tell(tx, OpportunityEvent.Withdrawn, withdrawn);
    return withdrawn;
  }
  return caughtUp(tx, opportunity);
}

function contentOf(
  stage: Stage,
  text: DemonstrationOpportunity,
  organisation: DemonstrationOrganisation,
): Partial<Content> {
  return {
    ...{ title: text.title, summary: text.summary, kind: text.kind, stage: text.stage, mode: text.mode },
    ...{ startsOn: stage.day(text.startsInDays), placesAvailable: text.places },
    ...{
      whatIsInvolved: text.involves,
      sessions: text.sessions,
      hoursPerSession: text.sessions > 0 ? text.hours / text.sessions : null,
    },
    ...{ totalHours: text.hours, preparationHours: text.preparationHours },
    ...{
      differenceItMakes: text.difference,
      hearBackBy: stage.day(text.closesInDays + text.hearWithinDays),
      hearBackHow: text.hearBack,
    },
    ...{ support: text.support, livedExperienceWanted: text.wanted, noExperienceNeeded: text.noExperienceNeeded },
    ...{
      minAge: text.minimumAge,
      maxAge: text.maximumAge,
      openToUnder18: text.minimumAge !== null && text.minimumAge < 18,
    },
    ...{ safeguarding: text.safeguarding, howToApply: text.apply, closesOn: stage.day(text.closesInDays) },
    ...{ selectionMethod: text.selection.how, selectionCriteria: text.selection.detail },
    draw: text.selection.how === 'random-draw' ? { on: stage.day(text.closesInDays + 2), reserves: 3 } : null,
    questions: text.questions.map(({ text: question, wordLimit }, i) => ({
      ...{
        key: `question-${i + 1}`,
        question,
        maxWords: wordLimit,
        required: false,
        ways: ['text', 'recording', 'letter'],
      },
    })),
    ...{ payment: paymentOf(text), expenses: text.expenses, expensesPaid: true, accessProvision: text.accessProvision },
    ...{ place: text.place, regionCode: text.place ? (organisation.region ?? organisation.nation) : null },
    ...{
      languages: text.languages,
      healthCategories: text.healthCategories,
      conditions: text.conditions,
      contact: text.contact,
    },
    ...{ welsh: versionOf(text, 'cy'), easyRead: versionOf(text, 'en-easy-read') },
  };
}

function paymentOf({ payment: { pence, per, detail } }: DemonstrationOpportunity): OpportunityPayment {
  return pence === 0 ? { kind: 'none', note: detail } : { kind: 'amount', pence, per: PER[per], note: detail };
}

function versionOf(text: DemonstrationOpportunity, locale: 'cy' | 'en-easy-read'): OtherTexts | null {
  const found = text.versions.find((version) => version.locale === locale);
  if (!found) return null;
  return {
    title: found.title,
    summary: found.summary,
    whatIsInvolved: found.involves,
    differenceItMakes: found.difference,
  };
}
