import type { Actor } from '../../kernel/access/actor';
import { dayInUk } from '../../kernel/clock';
import type { Db } from '../../kernel/db/db';
import { Refused } from '../../kernel/errors/problem';
import '../events';
import { Role } from './membership.entity';

/** Who gets which role, by what the identity provider says in the token. */
export interface Appointment {
  issuer: string;
  subject: string;
  /** Name for a new account; one that is there keeps its own. */
  name: string;
  role: Role;
  /** Slug of the organisation. */
  organisation: string;
}

/**
 * Gives a role without anybody's permission: for whoever runs the service, to make the first national administrator, who
 * then appoints the others. Told and audited like any other change. Answers false where the account had the role already.
 * @throws Refused where there is no verified organisation of that slug
 */
export function appoint(
  db: Db,
  actor: Actor,
  { issuer, subject, name, role, organisation }: Appointment,
): Promise<boolean> {
  return db.write(actor, async (tx) => {
    const [place] = await tx.query<{ id: string }>(
      `SELECT id FROM people.organisation WHERE slug = $1 AND state = 'verified' FOR NO KEY UPDATE`,
      [organisation],
    );
    if (!place)
      throw new Refused('unknown_organisation', `There is no verified organisation with the slug "${organisation}".`);
    const [opened] = await tx.query<{ id: string; version: number }>(
      `INSERT INTO people.account (issuer, subject, name, kind) VALUES ($1, $2, $3, 'person')
       ON CONFLICT (issuer, subject) DO NOTHING RETURNING id, version`,
      [issuer, subject, name],
    );
    if (opened) {
      tx.audit('created', 'account', opened.id);
      tx.emit({
        type: 'account.opened',
        subject: 'account',
        subjectId: opened.id,
        version: opened.version,
        data: { kind: 'person' },
      });
    }
    const from = dayInUk(tx.at);
    const [given] = await tx.query<{ id: string; version: number }>(
      `INSERT INTO people.membership (account_id, organisation_id, role, "from")
       SELECT a.id, $3, $4, $5::date FROM people.account a WHERE a.issuer = $1 AND a.subject = $2
         AND NOT EXISTS (SELECT 1 FROM people.membership m WHERE m.account_id = a.id AND m.organisation_id = $3 AND m.role = $4
           AND daterange(m."from", m.until) && daterange($5::date, NULL))
       RETURNING id, version`,
      [issuer, subject, place.id, role, from],
    );
    if (!given) return false;
    tx.audit('appointed', 'membership', given.id, { after: { role, organisationId: place.id, from } });
    const told = { subject: 'membership', subjectId: given.id, version: given.version, organisationId: place.id };
    tx.emit({ type: 'membership.given', ...told, data: { role, from, until: null } });
    return true;
  });
}
