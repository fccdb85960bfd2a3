import { createHash } from 'node:crypto';
import { fixedId } from '../../people';
import { ReportEvent } from '../events';
import { Notice } from '../notice/notice.entity';
import { OpportunityReport } from '../opportunity/opportunity-report.entity';
import type { Opportunity } from '../opportunity/opportunity.entity';
import { accountId, SITE_ORGANISATION } from './people';
import type { DemonstrationOpportunity } from './shapes';
import type { Stage } from './stage';

const JOAN = fixedId('contributor', 'joan-pattinson');
const VIEW_DAYS = 100;

/** How often a website showed the opportunities, day by day: more in their first days, fewer at weekends, always the same for the same one. */
export async function addViews(stage: Stage, opportunities: readonly DemonstrationOpportunity[]): Promise<void> {
  const rows = opportunities
    .filter((text) => (text.state === 'published' || text.state === 'paused') && text.publishedInDays <= 0)
    .flatMap((text) => {
      const last = Math.min(-1, text.closesInDays);
      const days = Math.min(VIEW_DAYS, Math.max(0, last - text.publishedInDays + 1));
      return Array.from({ length: days }, (_, i) => ({
        opportunity_id: fixedId('opportunity', text.slug),
        day: stage.day(text.publishedInDays + i),
        count:
          Math.round(40 / (1 + i / 5)) + ((createHash('sha256').update(`${text.slug} ${i}`).digest()[0] ?? 0) % 12),
      }));
    });
  await stage.tx.query(
    `INSERT INTO involvement.opportunity_view (opportunity_id, account_id, day, count)
     SELECT v.opportunity_id, $2, v.day, v.count FROM jsonb_to_recordset($1::jsonb) AS v(opportunity_id uuid, day date, count integer)`,
    [JSON.stringify(rows), accountId('site', SITE_ORGANISATION)],
  );
}

/** One of each kind of record that the API document shows as an example, most of them Joan's. */
export async function addExtras(stage: Stage, opportunities: ReadonlyMap<string, Opportunity>): Promise<void> {
  await addSensitive(stage);
  await addReport(stage, opportunities.get('steady-steps-advisory-group'));
  await addKey(stage);
  await addNotice(stage);
  await addReceipt(stage);
}

/** What Joan told about herself, under her consent, and for whom. */
async function addSensitive({ tx, sealer, clock }: Stage): Promise<void> {
  const by = accountId('coordinator', 'university-of-northmoor');
  const given = new Date(tx.at.getTime() - 30 * 86_400_000);
  const consent = async (id: string, purpose: string): Promise<void> => {
    await tx.query(
      `INSERT INTO kernel.consent (id, person_id, purpose, wording_version, given_at, how, recorded_by)
       SELECT $1, $2, slug, wording_version, $4, 'phone', $5 FROM kernel.purpose WHERE slug = $3
       ORDER BY wording_major DESC, wording_minor DESC LIMIT 1`,
      [id, JOAN, purpose, given, by],
    );
    tx.audit('consented', 'consent', id, { personId: JOAN, purpose, after: { how: 'phone' } });
  };
  const consentId = fixedId('consent', 'joan-pattinson');
  const another = fixedId('consent', 'joan-pattinson-lived-experience');
  await consent(consentId, 'access-needs');
  await consent(another, 'lived-experience');
  const need = fixedId('access_need', 'joan-pattinson-large-print');
  const detail = sealer.seal(
    { table: 'people.access_need', row: need, column: 'detail_sealed' },
    'Papers in large print, 18 point, a week before.',
  );
  await tx.query(
    `INSERT INTO people.access_need (id, contributor_id, category, detail_sealed, recorded_by, consent_id) VALUES ($1, $2, 'information-format', $3, $4, $5)`,
    [need, JOAN, detail, by, consentId],
  );
  tx.audit('created', 'access_need', need, { personId: JOAN, purpose: 'access-needs' });
  const experience = fixedId('lived_experience', 'joan-pattinson');
  const statement = sealer.seal(
    { table: 'people.lived_experience', row: experience, column: 'statement_sealed' },
    'I have fallen twice at home, and I looked after my mother after she broke her hip.',
  );
  await tx.query(
    `INSERT INTO people.lived_experience (id, contributor_id, statement_sealed, consent_id) VALUES ($1, $2, $3, $4)`,
    [...[experience, JOAN, statement, another]],
  );
  tx.audit('created', 'lived_experience', experience, { personId: JOAN, purpose: 'lived-experience' });
  const grant = fixedId('access_grant', 'joan-pattinson');
  await tx.query(
    `INSERT INTO people.access_grant (id, contributor_id, involvement_id, organisation_id, granted_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      ...[
        grant,
        JOAN,
        fixedId('involvement', 'joan-pattinson-in-steady-steps'),
        fixedId('organisation', 'university-of-northmoor'),
      ],
      ...[tx.at, clock.endOfDay(new Date(tx.at.getTime() + 180 * 86_400_000).toISOString().slice(0, 10))],
    ],
  );
  tx.audit('created', 'access_grant', grant, { personId: JOAN, purpose: 'access-needs' });
  const objection = fixedId('objection', 'joan-pattinson');
  await tx.query(
    `INSERT INTO kernel.objection (id, person_id, purpose, wording_version, at, how, recorded_by)
     SELECT $1, $2, slug, wording_version, $3, 'phone', $4 FROM kernel.purpose WHERE slug = 'reporting'
     ORDER BY wording_major DESC, wording_minor DESC LIMIT 1`,
    [objection, JOAN, given, by],
  );
  tx.audit('objected', 'objection', objection, { personId: JOAN, purpose: 'reporting' });
}

async function addReport({ tx, sealer }: Stage, about: Opportunity | undefined): Promise<void> {
  if (!about) throw new Error('The demonstration has no opportunity to report');
  const id = fixedId('opportunity_report', 'steady-steps-payment');
  const { id: opportunityId, organisationId } = about;
  const textSealed = sealer.seal(
    { table: 'involvement.opportunity_report', row: id, column: 'text_sealed' },
    'It does not say whether the payment is for each meeting or for the whole year.',
  );
  const report = await tx.insert(
    OpportunityReport,
    { id, opportunityId, organisationId, reason: 'misleading', textSealed },
    { organisationId },
  );
  tx.emit({
    type: ReportEvent.Made,
    subject: 'opportunity_report',
    subjectId: id,
    version: report.version,
    organisationId,
    data: { opportunityId, reason: report.reason },
  });
}

/** A key that nobody knows: only the hash of chance is kept. It shows how keys are listed. */
async function addKey({ tx }: Stage): Promise<void> {
  const id = fixedId('api_key', 'example');
  const organisationId = fixedId('organisation', 'castlebridge-hospitals');
  await tx.query(
    `INSERT INTO people.api_key (id, organisation_id, name, slot, prefix, hash) VALUES ($1, $2, 'Website', 1, 'ppk_sample', sha256(uuid_send(gen_random_uuid())))`,
    [...[id, organisationId]],
  );
  tx.audit('created', 'api_key', id, { organisationId });
  tx.emit({ type: 'api-key.made', subject: 'api_key', subjectId: id, version: 1, organisationId });
}

/** Joan was told by phone that her interest had come; told once, and nothing is owed any more. */
async function addNotice(stage: Stage): Promise<void> {
  const { tx } = stage;
  const organisationId = fixedId('organisation', 'university-of-northmoor');
  const opportunityId = fixedId('opportunity', 'steady-steps-letter-review');
  const interestId = fixedId('interest', 'joan-pattinson-for-steady-steps-letter-review');
  const due = stage.at(2);
  const owed = await tx.insert(
    Notice,
    {
      ...{ id: fixedId('notice', 'example'), opportunityId, organisationId, interestId, contributorId: JOAN },
      ...{ kind: 'offered', channel: 'phone', language: 'en', dueAt: due },
    },
    { personId: JOAN, organisationId },
  );
  await tx.change(
    owed,
    owed.told(stage.at(0, -20), accountId('coordinator', 'university-of-northmoor'), 'phone', null),
    owed.version,
    { personId: JOAN, organisationId },
  );
}

/** The receipt of somebody who was erased: it names nobody. */
async function addReceipt({ tx }: Stage): Promise<void> {
  await tx.query(
    `INSERT INTO kernel.erasure_receipt (id, person_id, erased_at, because, went, stayed) VALUES ($1, $2, $3, 'asked_by_person', $4, '[]')`,
    [
      ...[
        fixedId('erasure_receipt', 'demonstration'),
        fixedId('contributor', 'erased-before-the-demonstration'),
        new Date(tx.at.getTime() - 90 * 86_400_000),
      ],
      JSON.stringify([
        { what: 'Your name, how to reach you and what interests you', table: 'people.contributor', rows: 1 },
      ]),
    ],
  );
}
