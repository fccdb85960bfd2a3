import { Injectable } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { type Clock, FixedClock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { fixedId } from '../../people';
import { DiversityDb } from '../door/diversity-db';
import { Pseudonyms } from '../door/pseudonym';
import { GapDemonstration } from '../gap/gap-demonstration';
import { CHARACTERISTICS, POPULATIONS, ReleaseCatalogue } from '../release/catalogue';
import { columnOf } from '../release/members';
import { ReleaseMaker } from '../release/release-maker';
import { ReleasePublisher } from '../release/release-publisher';
import { ReleaseService } from '../release/release.service';
import { Release } from '../release/release.entity';
import { MadeUpPerson, madeUpPeople, NetworkPlan } from './made-up-people';

/** Who returns rows, with how many people. */
const NETWORKS: Readonly<Record<string, NetworkPlan>> = {
  'rrdn-north-east-and-north-cumbria': { people: 150, joined: 14, left: 6, region: 'E12000001' },
  'rrdn-north-west': { people: 210, joined: 22, left: 9, region: 'E12000002' },
  'rrdn-yorkshire-and-humber': { people: 180, joined: 18, left: 8, region: 'E12000003' },
  'rrdn-east-midlands': { people: 120, joined: 12, left: 4, region: 'E12000004' },
  'rrdn-west-midlands': { people: 160, joined: 15, left: 7, region: 'E12000005' },
  'rrdn-east-of-england': { people: 130, joined: 12, left: 6, region: 'E12000006' },
  'rrdn-north-london': { people: 240, joined: 26, left: 11, region: 'E12000007' },
  'rrdn-south-london': { people: 170, joined: 16, left: 7, region: 'E12000007' },
  'rrdn-south-east': { people: 140, joined: 14, left: 5, region: 'E12000008' },
  'rrdn-south-central': { people: 150, joined: 13, left: 6, region: 'E12000008' },
  'rrdn-south-west-central': { people: 130, joined: 12, left: 5, region: 'E12000009' },
  'rrdn-south-west-peninsula': { people: 90, joined: 11, left: 4, region: 'E12000009' },
  'nihr-centre-for-engagement-and-dissemination': { people: 60, joined: 12, left: 5, region: 'E12000007' },
};

/** Fewer tables than usual, so that the service starts soon: two-way tables for all organisations only. */
const CATALOGUE: ReleaseCatalogue = {
  minimumLeafSize: 25,
  tables: [
    ...POPULATIONS.map(({ id }) => ({ level: 'all' as const, population: id, by: ['each'] })),
    { level: 'all', population: 'registered', by: ['ethnic-background'] },
    ...['age', 'sex', 'disability', 'religion', 'unpaid-care', 'socio-economic-background'].map((characteristic) => ({
      level: 'all' as const,
      population: 'registered' as const,
      by: ['hub', characteristic],
    })),
    { level: 'organisation', population: 'registered', by: ['each'] },
  ],
};

interface Quarter {
  slug: 'first' | 'second';
  title: string;
  from: string;
  until: string;
  due: string;
  /** Day on which it was released. */
  on: string;
}

const QUARTERS: readonly Quarter[] = [
  {
    slug: 'first',
    title: 'Public contributors, April to June 2026',
    from: '2026-04-01',
    until: '2026-07-01',
    due: '2026-07-17',
    on: '2026-07-28',
  },
  {
    slug: 'second',
    title: 'Public contributors, July to September 2026',
    from: '2026-07-01',
    until: '2026-10-01',
    due: '2026-10-16',
    on: '2026-10-27',
  },
];

/**
 * Loads two quarters of made-up returns and makes their releases the way every release is made: frozen, held back where too little
 * changed, protected, proven, signed and published. Begun again, it goes on where it stopped.
 */
@Injectable()
export class DiversityDemonstration {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
    private readonly pseudonyms: Pseudonyms,
    private readonly releases: ReleaseService,
    private readonly maker: ReleaseMaker,
    private readonly publisher: ReleasePublisher,
    private readonly gaps: GapDemonstration,
  ) {}

  /**
   * @param clock the application's clock, which is set to each release's day while it is made
   * @param told called before each release, which takes some seconds
   */
  async load(clock: Clock, told: (title: string) => void = () => undefined): Promise<void> {
    const now = clock.now();
    try {
      for (const quarter of QUARTERS) {
        const id = fixedId('release', quarter.slug);
        const [known] = await this.db.list(Release, { where: [(bind) => `r.id = ${bind(id)}`] });
        if (known?.isPublic()) continue;
        told(quarter.title);
        if (clock instanceof FixedClock) clock.set(`${quarter.on}T09:30:00.000Z`);
        await this.collect(quarter);
        await this.release(quarter, id, known);
      }
      await this.gaps.load();
    } finally {
      if (clock instanceof FixedClock) clock.set(now);
    }
  }

  private async release(quarter: Quarter, id: string, known: Release | undefined): Promise<void> {
    const { title, from, until, slug } = quarter;
    if (!known) {
      const asked = {
        title,
        from,
        until,
        collectionId: fixedId('collection', slug),
        threshold: 8,
        thresholds: [],
        base: 5,
        catalogue: CATALOGUE,
      };
      await this.releases.begin(theService(), asked, id);
    }
    await this.maker.make(id);
    await this.publisher.publish(theService(), await this.db.one(Release, id));
  }

  /** A closed collection, and the signed-off returns of its networks with their rows. */
  private async collect(quarter: Quarter): Promise<void> {
    const collection = fixedId('collection', quarter.slug);
    const organisations = await this.db.query<{ id: string; slug: string }>(
      'SELECT id, slug FROM people.organisation WHERE slug = ANY($1::text[])',
      [Object.keys(NETWORKS)],
    );
    await this.db.write(theService(), async (tx) => {
      const added = await tx.query(COLLECTION, [
        collection,
        `Diversity of public contributors: ${quarter.title.replace('Public contributors, ', '')}`,
        quarter.from,
        quarter.until,
        quarter.due,
        quarter.on,
      ]);
      if (added.length === 0) return;
      await tx.query(MEMBERS, [collection, organisations.map((one) => one.id)]);
      tx.audit('created', 'collection', collection, { after: { title: quarter.title } });
    });
    await this.diversity.write(theService(), async (tx) => {
      for (const [i, slug] of Object.keys(NETWORKS).entries()) {
        const organisation = organisations.find((one) => one.slug === slug);
        const plan = NETWORKS[slug];
        if (!organisation || !plan) continue;
        const id = fixedId('return', `${quarter.slug}-${slug}`);
        const added = await tx.query(RETURN, [id, collection, organisation.id, `${quarter.due}T15:00:00Z`]);
        if (added.length === 0) continue;
        const [first, second] = madeUpPeople(plan, 7_919 * (i + 1));
        const people = quarter.slug === 'first' ? first : second;
        await tx.query(ROWS, [
          id,
          organisation.id,
          JSON.stringify(people.map((one) => this.row(organisation.id, one))),
        ]);
        tx.audit('created', 'return', id, { organisationId: organisation.id });
      }
    });
  }

  private row(organisationId: string, { number, stage, answers }: MadeUpPerson): Record<string, string> {
    const pseudonym = this.pseudonyms.of(`local:${organisationId}`, `made-up-${number}`).toString('hex');
    const codes = Object.entries(answers).map(([key, code]) => [columnOf(key), code]);
    return { pseudonym, stage, ...(Object.fromEntries(codes) as Record<string, string>) };
  }
}

const COLLECTION = `
  INSERT INTO edi.collection (id, title, "from", until, question_set_version, forms, due_on, release_on, state, opened_at, closed_at)
  VALUES ($1, $2, $3, $4, 1, '{live,identified-rows,anonymous-rows,counts}', $5, $6, 'closed', $4::date + time '09:00', $5::date + time '17:00')
  ON CONFLICT (id) DO NOTHING RETURNING id`;

const MEMBERS = `
  INSERT INTO edi.collection_organisation (collection_id, organisation_id) SELECT $1, organisation FROM unnest($2::uuid[]) AS organisation`;

const RETURN = `
  INSERT INTO edi.return (id, collection_id, organisation_id, form, state, basis, basis_reference, late, signed_at)
  VALUES ($1, $2, $3, 'identified-rows', 'signed-off', 'data-sharing-agreement', 'Made-up agreement', false, $4::timestamptz)
  ON CONFLICT (id) DO NOTHING RETURNING id`;

const CODES = CHARACTERISTICS.map(columnOf);
const ROWS = `
  INSERT INTO edi_answers.returned_row (return_id, organisation_id, pseudonym, stage, ${CODES.join(', ')})
  SELECT $1::uuid, $2::uuid, decode(r.pseudonym, 'hex'), r.stage, ${CODES.map((code) => `r.${code}`).join(', ')}
  FROM jsonb_to_recordset($3::jsonb) AS r(pseudonym text, stage text, ${CODES.map((code) => `${code} text`).join(', ')})
  ORDER BY r.pseudonym`;
