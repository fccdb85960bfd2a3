import { Injectable } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { fixedId } from '../../people';
import { Collection, ReturnForm } from '../collection/collection.entity';
import { keepPredecessors } from '../collection/collection.service';
import { membersOf } from '../collection/members';
import { DiversityDb } from '../door/diversity-db';
import { ReminderMailboxes } from '../reminder/mailbox.service';
import { Reminders } from '../reminder/reminders';
import { ReturnIntake } from '../returns/intake.service';
import { HeadingMapping } from '../returns/heading-mapping.entity';
import { Return } from '../returns/return.entity';
import { ReturnFile } from '../returns/return-file';
import { storeAnswers } from '../returns/returned-answers';
import { MadeUpPerson, madeUpPeople } from './made-up-people';

const NETWORKS = [
  'rrdn-east-midlands',
  'rrdn-east-of-england',
  'rrdn-north-east-and-north-cumbria',
  'rrdn-north-london',
  'rrdn-north-west',
  'rrdn-south-central',
  'rrdn-south-east',
  'rrdn-south-london',
  'rrdn-south-west-central',
  'rrdn-south-west-peninsula',
  'rrdn-west-midlands',
  'rrdn-yorkshire-and-humber',
] as const;
/** The network from which nothing came by its last day. */
const LATE = 'rrdn-south-west-peninsula';
const QUESTIONS = ['ethnic-group', 'age', 'sex', 'disability', 'religion'] as const;

/** A return of the open round. */
interface MadeUpReturn {
  slug: (typeof NETWORKS)[number];
  form: ReturnForm;
  signed?: boolean;
  people: number;
  region: string;
}

const RETURNS: readonly MadeUpReturn[] = [
  { slug: 'rrdn-north-west', form: 'anonymous-rows', people: 214, region: 'E12000002' },
  { slug: 'rrdn-east-midlands', form: 'identified-rows', signed: true, people: 121, region: 'E12000004' },
  { slug: 'rrdn-yorkshire-and-humber', form: 'live', people: 0, region: 'E12000003' },
  { slug: 'rrdn-west-midlands', form: 'counts', signed: true, people: 163, region: 'E12000005' },
  { slug: 'rrdn-north-london', form: 'counts', people: 247, region: 'E12000007' },
];

const DAY_MS = 86_400_000;

/**
 * An open collection over the twelve networks, with a return of each form as a network would send it, one late network that is reminded, and a
 * draft for the next round. Read and stored by the same code as every return. Everybody in it is made up.
 */
@Injectable()
export class DemonstrationCollections {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
    private readonly intake: ReturnIntake,
    private readonly clock: Clock,
    private readonly mailboxes: ReminderMailboxes,
    private readonly reminders: Reminders,
  ) {}

  /** Begun again, it goes on where it stopped. */
  async load(): Promise<void> {
    const organisations = new Map(
      (
        await this.db.query<{ id: string; slug: string }>(
          'SELECT id, slug FROM people.organisation WHERE slug = ANY($1::text[])',
          [NETWORKS],
        )
      ).map(({ id, slug }) => [slug, id]),
    );
    await this.collection('autumn', organisations, true);
    await this.collection('winter', organisations, false);
    for (const [i, one] of RETURNS.entries())
      await this.returned(one, organisations.get(one.slug) ?? '', 104_729 * (i + 3));
    await this.reminders.remind();
  }

  private daysFromNow(days: number): string {
    return new Date(this.clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
  }

  private async collection(
    slug: 'autumn' | 'winter',
    organisations: ReadonlyMap<string, string>,
    open: boolean,
  ): Promise<void> {
    const id = fixedId('collection', slug);
    const later = open ? 0 : 92;
    await this.db.write(theService(), async (tx) => {
      const [there] = await tx.query('SELECT 1 FROM edi.collection WHERE id = $1', [id]);
      if (there) return;
      await tx.insert(Collection, {
        id,
        title: open ? 'Public contributors, from October 2026' : 'Public contributors, the round after',
        from: this.daysFromNow(later - 53),
        until: this.daysFromNow(later - 22),
        forms: Object.values(ReturnForm),
        dueOn: this.daysFromNow(later + 18),
        releaseOn: this.daysFromNow(later + 57),
        note: 'Send what you have: counts are as welcome as rows.',
        contact: 'The diversity data team, diversity-data@example.org, 01632 960140',
        ...(open ? { state: 'open' as const, openedAt: new Date(tx.at.getTime() - 20 * DAY_MS) } : {}),
      });
      await tx.query(
        `INSERT INTO edi.collection_organisation (collection_id, organisation_id, due_on) SELECT $1, o.id, o.due FROM unnest($2::uuid[], $3::date[]) AS o(id, due)`,
        [
          id,
          [...organisations.values()],
          [...organisations.keys()].map((one) => (one === LATE && open ? this.daysFromNow(-3) : null)),
        ],
      );
      if (!open) return;
      await keepPredecessors(tx, id);
      await this.mailboxes.give(tx, [
        { organisationId: organisations.get(LATE) ?? '', mailbox: `involvement-returns@${LATE}.example.org` },
      ]);
      await tx.insert(HeadingMapping, {
        organisationId: organisations.get('rrdn-north-west'),
        headings: [
          { written: 'Gender (form 3)', means: 'sex' },
          { written: 'Name of site', means: 'leave-out' },
        ],
        codes: [{ characteristic: 'sex', written: 'W', means: 'female' }],
      });
    });
  }

  private async returned(
    { slug, form, signed = false, people, region }: MadeUpReturn,
    organisationId: string,
    seed: number,
  ): Promise<void> {
    const collectionId = fixedId('collection', 'autumn');
    const id = fixedId('return', `autumn-${slug}`);
    const [collection] = await this.db.list(Collection, { where: [(bind) => `r.id = ${bind(collectionId)}`] });
    const [there] = await this.db.query('SELECT 1 FROM edi.return WHERE id = $1', [id]);
    if (!collection || there) return;
    const { until, questionSetVersion } = collection;
    const members = (await membersOf(this.db, [collectionId])).get(collectionId) ?? [];
    const file =
      form === 'live' ? undefined : fileOf(form, madeUpPeople({ people, joined: 0, left: 0, region }, seed)[0], slug);
    const read = await this.intake.read(
      { organisationId, form, suppressedBelow: 5, until, questionSetVersion, members },
      file,
    );
    if (read.faults.count > 0)
      throw new Error(`The made-up return of ${slug} has faults: ${read.faults.list[0]?.message}`);
    await this.diversity.write(theService(), async (tx) => {
      const basis = form === 'counts' ? ('not-personal-data' as const) : ('data-sharing-agreement' as const);
      await tx.insert(Return, {
        ...{ id, collectionId, organisationId, form, basis, basisReference: 'Made-up agreement', late: false },
        ...(signed ? { state: 'signed-off' as const, signedAt: tx.at } : {}),
      });
      await storeAnswers(tx, id, organisationId, read);
    });
  }
}

/** What a network would send: a table of people, or of counts in which small numbers are withheld. */
function fileOf(form: ReturnForm, people: readonly MadeUpPerson[], slug: string): ReturnFile {
  const rows =
    form === 'counts'
      ? ['characteristic,category,count', ...QUESTIONS.flatMap((key) => countsOf(key, people))]
      : [
          ['stage', ...QUESTIONS, ...(form === 'identified-rows' ? ['email'] : [])].join(','),
          ...people.map(({ stage, answers, number }) =>
            [
              stage,
              ...QUESTIONS.map((key) => answers[key] ?? ''),
              ...(form === 'identified-rows' ? [`person-${number}@${slug}.example.org`] : []),
            ].join(','),
          ),
        ];
  return { bytes: Buffer.from(rows.join('\r\n')), type: 'text/csv' };
}

function countsOf(key: string, people: readonly MadeUpPerson[]): string[] {
  const counts = new Map<string, number>();
  for (const { answers } of people)
    counts.set(answers[key] ?? 'not-known', (counts.get(answers[key] ?? 'not-known') ?? 0) + 1);
  const shown = [...counts].map(([code, n]) => `${key},${code},${n < 5 ? '<5' : n}`);
  return [...shown, `${key},total,${people.length}`];
}
