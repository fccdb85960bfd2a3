import { DEVELOPMENT_ISSUER } from '../../kernel/config-secrets';
import { fixedId } from '../../people';
import type { DemonstrationContributor, DemonstrationOrganisation } from './shapes';
import type { Stage } from './stage';

/** The organisation whose coordinator the examples of the API document name. */
const EXAMPLE_ORGANISATION = 'castlebridge-hospitals';
/** A website that shows opportunities and sends interests belongs to this organisation. */
export const SITE_ORGANISATION = 'riverbank-community-voices';

/** Names of the accounts, by role. */
const STAFF = [
  ['coordinator', 'Involvement coordinator'],
  ['researcher', 'Researcher'],
] as const;

/** Id of the account that has a role in an organisation. */
export const accountId = (role: string, organisation: string): string =>
  fixedId(
    'account',
    role === 'coordinator' && organisation === EXAMPLE_ORGANISATION ? 'coordinator' : `${role}-at-${organisation}`,
  );

/** Organisations with their staff. One has applied and waits to be verified. */
export async function addOrganisations(
  stage: Stage,
  organisations: readonly DemonstrationOrganisation[],
): Promise<void> {
  for (const organisation of organisations) {
    const { slug, name, kind, region, nation, about, secondApprover, verified } = organisation;
    const id = fixedId('organisation', slug);
    const applicant = verified ? null : await addAccount(stage, 'applicant', slug, `Applicant for ${name}`);
    await stage.tx.query(
      `INSERT INTO people.organisation (id, slug, name, kind, state, region_code, nation_code, "from", description, second_approver, guardian_policy, applied_by, application_reason, note)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'Made up for demonstration.')`,
      [
        ...[
          id,
          slug,
          name,
          kind,
          verified ? 'verified' : 'applied',
          region,
          nation,
          verified ? '2019-04-01' : null,
          about,
          secondApprover,
        ],
        ...['under-16', applicant, verified ? null : 'We would like to list our own opportunities.'],
      ],
    );
    stage.tx.audit('created', 'organisation', id, { organisationId: id, after: { slug, name, kind } });
    stage.tx.emit({
      type: verified ? 'organisation.added' : 'organisation.applied',
      subject: 'organisation',
      subjectId: id,
      version: 1,
      organisationId: id,
      data: { kind },
    });
    if (!verified) continue;
    for (const [role, title] of STAFF) await addMember(stage, role, slug, `${title} at ${name}`);
  }
  await addMember(stage, 'site', SITE_ORGANISATION, 'Get Involved Riverside, a website');
}

async function addMember(stage: Stage, role: string, organisation: string, name: string): Promise<void> {
  const account = await addAccount(stage, role, organisation, name);
  const id = fixedId(
    'membership',
    account === fixedId('account', 'coordinator') ? 'coordinator' : `${role}-at-${organisation}`,
  );
  const organisationId = fixedId('organisation', organisation);
  await stage.tx.query(
    'INSERT INTO people.membership (id, account_id, organisation_id, role, "from") VALUES ($1, $2, $3, $4, $5)',
    [...[id, account, organisationId, role, stage.day(-400)]],
  );
  stage.tx.audit('created', 'membership', id, { organisationId, after: { accountId: account, role } });
  stage.tx.emit({
    type: 'membership.given',
    subject: 'membership',
    subjectId: id,
    version: 1,
    organisationId,
    data: { role },
  });
}

/** An account of the development issuer, with the subject that `npm run token` uses. */
async function addAccount(stage: Stage, role: string, organisation: string, name: string): Promise<string> {
  const id = accountId(role, organisation);
  const kind = role === 'site' ? 'system' : 'person';
  await stage.tx.query('INSERT INTO people.account (id, issuer, subject, name, kind) VALUES ($1, $2, $3, $4, $5)', [
    ...[id, DEVELOPMENT_ISSUER, `${role}@${organisation}`, name, kind],
  ]);
  stage.tx.audit('created', 'account', id, { after: { kind } });
  stage.tx.emit({ type: 'account.opened', subject: 'account', subjectId: id, version: 1, data: { kind } });
  return id;
}

/** Contributors and the organisations that they work with. */
export async function addContributors(stage: Stage, contributors: readonly DemonstrationContributor[]): Promise<void> {
  for (const contributor of contributors) {
    const id = fixedId('contributor', contributor.slug);
    await stage.tx.query(ADD_CONTRIBUTOR, columnsOf(stage, id, contributor));
    stage.tx.audit('created', 'contributor', id, { personId: id });
    for (const [i, organisation] of contributor.organisations.entries()) {
      const tie = fixedId(
        'contributor_organisation',
        i === 0 ? contributor.slug : `${contributor.slug}-${organisation}`,
      );
      const organisationId = fixedId('organisation', organisation);
      await stage.tx.query(
        'INSERT INTO people.contributor_organisation (id, contributor_id, organisation_id, "from", home) VALUES ($1, $2, $3, $4, $5)',
        [tie, id, organisationId, stage.day(-300), i === 0],
      );
      stage.tx.emit({
        type: 'contributor.joined',
        subject: 'contributor',
        subjectId: id,
        version: 1,
        organisationId,
        data: { contributorOrganisationId: tie },
      });
    }
  }
}

const ADD_CONTRIBUTOR = `
  INSERT INTO people.contributor (id, name, known_as, email_sealed, email_index, phone_sealed, phone_index, address_sealed, preferred_channel, supporter_sealed,
    languages, correspondence_language, health_categories, outward_postcode, region_code, age_group, guardian_sealed, guardian_agreed_at,
    guardian_agreed_how, safeguarding_sealed, keep_in_touch)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text,
    (SELECT region_code FROM people.postcode_area WHERE code = substring($14::text FROM '^[A-Z]{1,2}(?=[0-9])')), $15, $16, $17, $18, $19,
    '{opportunities,results}')`;

function columnsOf(stage: Stage, id: string, c: DemonstrationContributor): unknown[] {
  const seal = (column: string, value: string | null): Buffer | null =>
    stage.sealer.seal({ table: 'people.contributor', row: id, column }, value);
  const address = c.preferredChannel === 'post' ? `${c.name}\n7 Sample Street\n${c.outwardPostcode}` : null;
  const supporter =
    c.supporter && JSON.stringify({ name: c.supporter.name, contact: c.supporter.phone, relation: null });
  const guardian = c.guardian && JSON.stringify({ name: c.guardian.name, contact: c.guardian.phone, agreedBy: null });
  const safeguarding =
    c.ageBand === 'adult' ? null : JSON.stringify({ name: 'Safeguarding lead on duty', contact: '01632 960320' });
  return [
    ...[id, c.name, c.knownAs],
    ...[seal('email_sealed', c.email), c.email && stage.index.email(c.email)],
    ...[seal('phone_sealed', c.phone), c.phone && stage.index.phone(c.phone)],
    ...[seal('address_sealed', address), c.preferredChannel, seal('supporter_sealed', supporter)],
    ...[c.languages, c.languages[0] === 'cy' ? 'cy' : 'en', c.topics, c.outwardPostcode, c.ageBand],
    ...[
      seal('guardian_sealed', guardian),
      guardian && stage.at(-300),
      guardian && 'phone',
      seal('safeguarding_sealed', safeguarding),
    ],
  ];
}
