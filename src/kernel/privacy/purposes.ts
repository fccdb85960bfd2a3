import { Injectable } from '@nestjs/common';
import { Db } from '../db/db';
import type { Tx } from '../db/tx';
import { Refused } from '../errors/problem';
import { lockPerson } from './person-lock';
import type { PurposeData } from './purpose-data';
import type { Query } from './query';

/** A purpose in its newest wording. */
export interface Purpose extends PurposeData {
  source: string;
}

/** Where a person stands on one purpose. */
export interface Stand {
  purpose: string;
  /** Whether the data may be used for it now. */
  mayUse: boolean;
  /** When the consent that stands was given, and to which wording; null where none stands. */
  consent: { givenAt: Date; wordingVersion: string } | null;
  /** When the objection that stands was made; null where none stands. */
  objectedAt: Date | null;
}

interface StandRow {
  slug: string;
  may_use: boolean;
  given_at: Date | null;
  wording_version: string | null;
  objected_at: Date | null;
}

/**
 * For which purposes a person's data may be used. Consent counts only for purposes that rest on it, and only while
 * nothing of substance in their wording has changed; an objection ends every use that allows one.
 */
@Injectable()
export class Purposes {
  constructor(private readonly db: Db) {}

  /** Every purpose in its newest wording, by slug. */
  async all(): Promise<Purpose[]> {
    const rows = await this.db.query<{ purpose: Purpose }>(
      `SELECT jsonb_build_object('slug', slug, 'name', name, 'purpose', aim, 'controller', controller, 'lawfulBasis', lawful_basis,
         'specialCategoryCondition', special_condition, 'consentBased', consent_based, 'objectionAllowed', objection_allowed,
         'retention', jsonb_build_object('duration', kept_for, 'after', kept_after), 'wordingVersion', wording_version,
         'wording', wording, 'verified', verified, 'source', source) AS purpose
       FROM (${NEWEST}) p ORDER BY slug`,
    );
    return rows.map((row) => row.purpose);
  }

  /** Whether the person's data may be used for the purpose at this moment. Throws where there is no such purpose. */
  async mayUse(personId: string, purpose: string): Promise<boolean> {
    const [stand] = await standsOf(this.db, personId, purpose);
    if (!stand) throw new Error(`There is no purpose ${purpose}`);
    return stand.mayUse;
  }

  /**
   * Refuses unless the data may be used for the purpose, and keeps it so until the transaction ends: a withdrawal or
   * objection that comes meanwhile waits for it.
   */
  async require(tx: Tx, personId: string, purpose: string): Promise<void> {
    await lockPerson(tx, personId, 'shared');
    const [stand] = await standsOf(tx, personId, purpose);
    if (!stand) throw new Error(`There is no purpose ${purpose}`);
    if (!stand.mayUse) {
      throw new Refused(
        'purpose_not_allowed',
        `This person's data may not be used for "${purpose}": they have not agreed to it, or have objected.`,
      );
    }
  }

  /** Where the person stands on every purpose. */
  of(personId: string): Promise<Stand[]> {
    return standsOf(this.db, personId, null);
  }
}

/** The newest wording of each purpose. */
const NEWEST = `SELECT DISTINCT ON (slug) * FROM kernel.purpose ORDER BY slug, wording_major DESC, wording_minor DESC`;

async function standsOf(q: Query, personId: string, purpose: string | null): Promise<Stand[]> {
  const rows = await q.query<StandRow>(
    `SELECT p.slug, c.given_at, c.wording_version, o.at AS objected_at,
       (o.at IS NULL OR NOT p.objection_allowed) AND (NOT p.consent_based OR coalesce(c.counts, false)) AS may_use
     FROM (${NEWEST}) p
     LEFT JOIN LATERAL (
       SELECT c.given_at, c.wording_version, w.wording_major = p.wording_major AS counts
       FROM kernel.consent c JOIN kernel.purpose w ON w.slug = c.purpose AND w.wording_version = c.wording_version
       WHERE c.person_id = $1 AND c.purpose = p.slug AND c.withdrawn_at IS NULL
     ) c ON TRUE
     LEFT JOIN kernel.objection o ON o.person_id = $1 AND o.purpose = p.slug AND o.withdrawn_at IS NULL
     WHERE $2::text IS NULL OR p.slug = $2
     ORDER BY p.slug`,
    [personId, purpose],
  );
  return rows.map((row) => ({
    purpose: row.slug,
    mayUse: row.may_use,
    consent:
      row.given_at && row.wording_version ? { givenAt: row.given_at, wordingVersion: row.wording_version } : null,
    objectedAt: row.objected_at,
  }));
}
