import { Demonstration } from '../../src/involvement/demonstration/demonstration';
import { readTexts } from '../../src/involvement/demonstration/texts';
import { mayFitAge } from '../../src/involvement/interest/age';
import { answerFaults, type AskedQuestion, type GivenAnswer } from '../../src/involvement/interest/answers';
import { contentFaults, contentOf } from '../../src/involvement/opportunity/content-rules';
import { Opportunity } from '../../src/involvement/opportunity/opportunity.entity';
import { Db } from '../../src/kernel/db/db';
import { fixedId } from '../../src/people';
import { startApp, TestApp } from '../support/app';

/** Begins every id that is made of a slug: the moment in it is always the same. */

describe('the demonstration', () => {
  let t: TestApp;
  const texts = readTexts();
  const count = async (sql: string, params: unknown[] = []): Promise<number> =>
    (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? NaN;

  beforeAll(async () => {
    t = await startApp();
    expect(await t.app.get(Demonstration, { strict: false }).load()).toBe(true);
  });
  afterAll(() => t.stop());

  it('loads all of it', async () => {
    expect(await count('involvement.project')).toBe(texts.projects.length);
    expect(await count('involvement.opportunity')).toBe(texts.opportunities.length);
    expect(await count('involvement.interest')).toBe(texts.interests.length + 1); // and one of somebody without a record
    expect(await count('involvement.activity')).toBe(texts.activities.length);
    expect(await count('people.contributor')).toBe(texts.contributors.length);
    expect(await count('involvement.opportunity_view')).toBeGreaterThan(500);
  });

  it('loads once: a second start, and two at once, change nothing', async () => {
    const demonstration = t.app.get(Demonstration, { strict: false });
    const events = await count('kernel.event');
    expect(await Promise.all([demonstration.load(), demonstration.load()])).toEqual([false, false]);
    expect(await count('kernel.event')).toBe(events);
  });

  it('has opportunities in every state', async () => {
    const { rows } = await t.db.query<{ state: string }>(
      'SELECT DISTINCT state FROM involvement.opportunity ORDER BY state',
    );
    expect(rows.map((row) => row.state)).toEqual([
      'closed',
      'draft',
      'in-review',
      'paused',
      'published',
      'scheduled',
      'withdrawn',
    ]);
    const { rows: interests } = await t.db.query<{ state: string }>(
      'SELECT DISTINCT state FROM involvement.interest ORDER BY state',
    );
    expect(interests.map((row) => row.state)).toEqual([
      'accepted',
      'declined',
      'not-selected',
      'offered',
      'received',
      'reserve',
      'shortlisted',
      'withdrawn',
    ]);
  });

  it('says of opportunities only what their rules allow, and keeps a version of each that was published', async () => {
    const opportunities = await t.app.get(Db, { strict: false }).list(Opportunity, {});
    expect(
      opportunities.flatMap((one) => contentFaults(contentOf(one)).map((fault) => `${one.title}: ${fault.at}`)),
    ).toEqual([]);
    for (const one of opportunities) {
      if (one.publishedAt) expect(one.publishedAt.getTime()).toBeLessThanOrEqual(t.clock.now().getTime());
      expect(one.standing(t.clock.now())).toBe(one.state);
    }
    expect(
      await count(`involvement.opportunity o WHERE o.published_at IS NOT NULL AND NOT EXISTS
        (SELECT FROM involvement.opportunity_version v WHERE v.opportunity_id = o.id AND v.number = o.published_version)`),
    ).toBe(0);
    const unapproved = `involvement.opportunity o JOIN people.organisation g ON g.id = o.organisation_id
      WHERE g.second_approver AND o.approved_by IS NULL AND o.state NOT IN ('draft', 'in-review')`;
    expect(await count(unapproved)).toBe(0);
  });

  it('has interests as the service would have taken them', async () => {
    const { rows } = await t.db.query<{
      min_age: number;
      max_age: number;
      open_to_under18: boolean;
      age_group: string;
      questions: AskedQuestion[];
      title: string;
    }>(
      `SELECT o.title, o.min_age, o.max_age, o.open_to_under18, o.questions, c.age_group FROM involvement.interest i
       JOIN involvement.opportunity o ON o.id = i.opportunity_id JOIN people.contributor c ON c.id = i.contributor_id`,
    );
    const wrong = rows.filter(
      (row) =>
        !mayFitAge({ minAge: row.min_age, maxAge: row.max_age, openToUnder18: row.open_to_under18 }, row.age_group),
    );
    expect(wrong.map((row) => row.title)).toEqual([]);
    for (const text of texts.interests) {
      const answers: GivenAnswer[] = [{ key: 'question-1', way: 'text', text: text.statement }];
      const { rows: asked } = await t.db.query<{ questions: AskedQuestion[] }>(
        'SELECT questions FROM involvement.opportunity WHERE id = $1',
        [fixedId('opportunity', text.opportunity)],
      );
      expect(answerFaults(asked[0]?.questions ?? [], answers)).toEqual([]);
    }
    expect(
      await count(
        `involvement.interest i JOIN involvement.opportunity o ON o.id = i.opportunity_id
        WHERE i.received_at < o.published_at OR i.received_at >= o.closes_at OR i.received_at > $1 OR i.offered_at < i.received_at OR i.answered_at < i.offered_at`,
        [t.clock.now()],
      ),
    ).toBe(0);
    expect(
      await count(`involvement.interest i WHERE i.state = 'offered' AND i.answer_by < $1`, [t.clock.today()]),
    ).toBe(0);
    expect(
      await count(
        `involvement.interest i WHERE i.state = 'accepted' AND NOT EXISTS (SELECT FROM involvement.involvement v WHERE v.interest_id = i.id)`,
      ),
    ).toBe(0);
  });

  it('told everybody, or still owes them word', async () => {
    const silent = `involvement.interest i WHERE i.state IN ('shortlisted', 'reserve', 'offered', 'accepted', 'not-selected')
      AND NOT EXISTS (SELECT FROM involvement.notice n WHERE n.interest_id = i.id)`;
    expect(await count(silent)).toBe(0);
    expect(
      await count(`involvement.notice WHERE state = 'owed' AND channel IN ('phone', 'in-person', 'supporter')`),
    ).toBeGreaterThan(0);
  });

  it('names the website’s organisation in each interest that came by a site, and in no other', async () => {
    const site = 'involvement.interest i LEFT JOIN people.organisation g ON g.id = i.site_organisation_id';
    expect(await count(`${site} WHERE i.channel = 'site' AND g.slug = 'riverbank-community-voices'`)).toBe(
      texts.interests.filter(({ channel }) => channel === 'site').length,
    );
    expect(await count(`${site} WHERE i.channel <> 'site' AND g.id IS NOT NULL`)).toBe(0);
  });

  it('keeps events and audit of all that it added', async () => {
    for (const [table, subject] of [
      ['project', 'project'],
      ['opportunity', 'opportunity'],
      ['interest', 'interest'],
      ['involvement', 'involvement'],
      ['activity', 'activity'],
    ] as const) {
      const untold = `involvement.${table} r WHERE NOT EXISTS (SELECT FROM kernel.event e WHERE e.subject = $1 AND e.subject_id = r.id AND e.version = r.version)`;
      expect([table, await count(untold, [subject])]).toEqual([table, 0]);
      expect(
        await count(
          `involvement.${table} r WHERE NOT EXISTS (SELECT FROM kernel.audit_entry a WHERE a.subject_id = r.id)`,
        ),
      ).toBe(0);
    }
  });

  it('shows what it should: a search, a person’s contact, and the standing of an interest', async () => {
    const found = await t.api.get('/v1/opportunities?q=falls&limit=5').expect(200);
    expect((found.body as { data: { title: string }[] }).data.length).toBeGreaterThan(0);
    const coordinator = await t.as('coordinator', 'university-of-northmoor');
    const joan = await t.api
      .get(`/v1/contributors/${fixedId('contributor', 'joan-pattinson')}`)
      .set(coordinator)
      .expect(200);
    expect(joan.body).toMatchObject({
      name: 'Joan Pattinson',
      email: 'joan.pattinson@example.org',
      phone: '01632 960201',
    });
    const interest = await t.api
      .get(`/v1/interests/${fixedId('interest', 'joan-pattinson-for-steady-steps-letter-review')}`)
      .set(coordinator)
      .expect(200);
    expect(interest.body).toMatchObject({ state: 'accepted', name: 'Joan Pattinson' });
    expect(JSON.stringify(interest.body)).toContain('I used to type letters for a solicitor');
  });
});

describe('a demonstration that cannot be finished', () => {
  it('leaves nothing behind, and is then loaded from the beginning', async () => {
    const t = await startApp();
    try {
      const demonstration = t.app.get(Demonstration, { strict: false });
      await t.db.query(`ALTER TABLE involvement.activity ADD CONSTRAINT activity_for_this_test CHECK (minutes < 0)`);
      await expect(demonstration.load()).rejects.toThrow('activity_for_this_test');
      expect((await t.db.query('SELECT FROM people.contributor')).rowCount).toBe(0);
      await t.db.query('ALTER TABLE involvement.activity DROP CONSTRAINT activity_for_this_test');
      expect(await demonstration.load()).toBe(true);
    } finally {
      await t.stop();
    }
  });
});
