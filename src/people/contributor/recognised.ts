import type { BlindIndex } from '../../kernel/privacy/blind-index';
import type { Query } from '../../kernel/privacy/query';

/** A contributor whom an identifier means. */
export interface Recognised {
  /** The identifier as it was asked about. */
  identifier: string;
  contributorId: string;
  /** The organisation that they call home, if any. */
  homeOrganisationId: string | null;
  /** Keyed digest of their e-mail address, if any. */
  emailIndex: Buffer | null;
}

/** What an identifier can be: the id here, an organisation's own reference, or an e-mail address. */
export type IdentifierScheme = 'contributor-id' | 'reference' | 'email';

/** How many identifiers are asked about in one statement. */
const AT_ONCE = 5_000;

/**
 * Which contributors these identifiers mean, for an area that counts people: no names, and nothing about those who are not meant. By id
 * and reference only people of the organisation are recognised; by e-mail address whoever alone has it. The caller must not let its
 * answer tell whether somebody is on record.
 */
export async function recogniseContributors(
  q: Query,
  index: BlindIndex,
  organisationId: string,
  scheme: IdentifierScheme,
  identifiers: readonly string[],
): Promise<Recognised[]> {
  const found: Recognised[] = [];
  for (let at = 0; at < identifiers.length; at += AT_ONCE) {
    const some = identifiers.slice(at, at + AT_ONCE);
    if (scheme === 'email') {
      const digests = some.map((address) => index.email(address));
      const rows = await q.query<Row & { place: number }>(BY_EMAIL, [digests]);
      found.push(...rows.map((row) => recognised(some[row.place - 1] ?? '', row)));
    } else {
      const rows = await q.query<Row & { identifier: string }>(scheme === 'reference' ? BY_REFERENCE : BY_ID, [
        some,
        organisationId,
      ]);
      found.push(...rows.map((row) => recognised(row.identifier, row)));
    }
  }
  return found;
}

interface Row {
  contributor_id: string;
  home_id: string | null;
  email_index: Buffer | null;
}

const recognised = (identifier: string, { contributor_id, home_id, email_index }: Row): Recognised => ({
  identifier,
  contributorId: contributor_id,
  homeOrganisationId: home_id,
  emailIndex: email_index,
});

const HOME = `(SELECT h.organisation_id FROM people.contributor_organisation h
    WHERE h.contributor_id = c.id AND h.home AND h.until IS NULL LIMIT 1) AS home_id`;
const BY_EMAIL = `
  SELECT min(asked.place)::integer AS place, (array_agg(c.id))[1] AS contributor_id, (array_agg(c.home_id))[1] AS home_id, asked.digest AS email_index
  FROM unnest($1::bytea[]) WITH ORDINALITY AS asked(digest, place)
  JOIN LATERAL (SELECT c.id, ${HOME} FROM people.contributor c WHERE c.email_index = asked.digest) c ON TRUE
  GROUP BY asked.digest HAVING count(DISTINCT c.id) = 1`;
const BY_REFERENCE = `
  SELECT w.reference AS identifier, c.id AS contributor_id, c.email_index, ${HOME}
  FROM people.contributor_organisation w JOIN people.contributor c ON c.id = w.contributor_id
  WHERE w.organisation_id = $2 AND w.until IS NULL AND w.reference = ANY($1::text[])`;
const BY_ID = `
  SELECT c.id::text AS identifier, c.id AS contributor_id, c.email_index, ${HOME}
  FROM people.contributor c JOIN people.contributor_organisation w ON w.contributor_id = c.id
  WHERE w.organisation_id = $2 AND w.until IS NULL AND c.id = ANY($1::uuid[])`;
