import { Relay } from '../../src/kernel/events/relay';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { published, ReleasePeople } from '../edi/release-people';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

interface Known {
  id: string;
  version: number;
  state: string;
  title: string;
  [field: string]: unknown;
}
interface Change {
  position: string;
  id: string;
  type: string;
  material: boolean;
  gone: boolean;
  record: Known | null;
}
type Auth = Awaited<ReturnType<TestApp['as']>>;

/** Another site: it knows the API, and what the API has told it. */
class Site {
  readonly copy = new Map<string, Known>();
  readonly heard: string[] = [];
  private after = '0';

  constructor(
    private readonly t: TestApp,
    readonly auth: Auth,
  ) {}

  /** Brings its copy up to date with nothing but the change feed, as anybody without an account can. */
  async keepUp(): Promise<void> {
    await this.t.app.get(Relay, { strict: false }).drain();
    for (let more = true; more;) {
      const answer = await this.t.api.get(`/v1/changes?after=${this.after}&limit=2`).expect(200);
      const { data, meta } = answer.body as { data: Change[]; meta: { after: string; more: boolean } };
      for (const change of data) {
        this.heard.push(change.type);
        if (change.record) this.copy.set(change.id, change.record);
        else this.copy.delete(change.id);
      }
      this.after = meta.after;
      ({ more } = meta);
    }
  }
}

/**
 * The main job, from the first word to the figures: one story over HTTP, each part standing on the one before. What happens by the
 * clock or apart from a request (events, messages) is let through by hand, so that the story is the same every time.
 */
describe('the main job', () => {
  let t: TestApp;
  let coordinator: Auth;
  let site: Site;
  let organisationId: string;
  let projectId: string;
  let opportunity: Known;
  let ruth: Known & { reference: string };
  let iqbal: Known;
  let doreen: Known;
  let doreenId: string;

  const post = async (
    who: Auth | Record<string, never>,
    path: string,
    body: object | undefined,
    status: number,
  ): Promise<Known> => {
    const answer = await t.api
      .post(path)
      .set(who)
      .send(body ?? undefined);
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body as Known;
  };
  const read = async (who: Auth | Record<string, never>, path: string): Promise<Known> =>
    (await t.api.get(path).set(who).expect(200)).body as Known;
  const list = async (who: Auth | Record<string, never>, path: string): Promise<Known[]> =>
    (await read(who, path)).data as Known[];
  const messagesGoOut = (): Promise<number> => t.app.get(Jobs, { strict: false }).drain('notice.send', true);
  const sentTo = async (to: string): Promise<string[]> =>
    (
      await t.db.query<{ body: string }>(
        'SELECT body FROM kernel.outbox_message WHERE recipient = $1 ORDER BY made_at, id',
        [to],
      )
    ).rows.map((row) => row.body);

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    site = new Site(t, await t.as('site', THEIRS));
    organisationId = await t.organisation(OURS);
  });
  afterAll(() => t.stop());

  it('a coordinator makes a project, drafts an opportunity, checks it and publishes it', async () => {
    projectId = (
      await post(coordinator, '/v1/projects', { organisationId, kind: 'study', title: 'Steady on the Stairs' }, 201)
    ).id;
    const draft = await post(
      coordinator,
      '/v1/opportunities',
      {
        ...{
          projectId,
          kind: 'advisory-group',
          stage: 'design',
          mode: 'hybrid',
          title: 'Help plan research on falling at home',
        },
        ...{
          summary: 'Four afternoons with others who have fallen, or nearly.',
          whatIsInvolved: 'You talk, and we listen and write it down.',
        },
        howToApply: [{ way: 'online', detail: 'Use the form on the page where you found this.' }],
        ...{
          closesOn: '2026-12-11',
          placesAvailable: 2,
          conditions: ['falls'],
          healthCategories: ['injuries-and-accidents'],
        },
        place: { town: 'Preston', outwardPostcode: 'PR1' },
        questions: [
          {
            key: 'why',
            question: 'What do you know about falls?',
            maxWords: 60,
            required: true,
            ways: ['text', 'recording'],
          },
        ],
      },
      201,
    );
    const points = (await read(coordinator, `/v1/opportunities/${draft.id}/check`)).points as {
      point: string;
      found: string;
      field: string;
      howToMeet: string;
    }[];
    const unmet = points.filter((point) => point.found === 'not-said');
    expect(unmet.map((point) => point.field)).toContain('howToApply');
    expect(unmet.every((point) => point.howToMeet.length > 10)).toBe(true);
    const better = await t.api
      .patch(`/v1/opportunities/${draft.id}`)
      .set(coordinator)
      .set('if-match', '"1-json"')
      .send({
        howToApply: [
          { way: 'online', detail: 'Use the form on the page where you found this.' },
          { way: 'phone', detail: 'Ring 01632 960121.' },
        ],
      })
      .expect(200);
    expect(better.body).toMatchObject({ version: 2, state: 'draft' });
    const left = (await read(coordinator, `/v1/opportunities/${draft.id}/check`)).points as {
      found: string;
      point: string;
    }[];
    expect(left.filter((point) => point.found === 'not-said').length).toBeLessThan(unmet.length);
    expect(await list({}, '/v1/opportunities')).toEqual([]);
    opportunity = await post(coordinator, `/v1/opportunities/${draft.id}/publish`, undefined, 200);
    expect(opportunity.state).toBe('published');
  });

  it('another site finds it by search', async () => {
    const found = await list(
      {},
      '/v1/opportunities?q=falls at home&mode=hybrid&healthCategory=injuries-and-accidents'.replace(/ /g, '%20'),
    );
    expect(found.map((card) => card.id)).toEqual([opportunity.id]);
    expect(await list({}, '/v1/opportunities?q=astronomy')).toEqual([]);
  });

  it('and keeps its copy right: a publication, a change, and a withdrawal', async () => {
    const mistaken = await post(
      coordinator,
      '/v1/opportunities',
      {
        projectId,
        kind: 'survey',
        stage: 'design',
        mode: 'online',
        title: 'A mistake',
        summary: 'x',
        whatIsInvolved: 'x',
        howToApply: [{ way: 'phone', detail: 'x' }],
        closesOn: '2026-12-11',
      },
      201,
    );
    await post(coordinator, `/v1/opportunities/${mistaken.id}/publish`, undefined, 200);
    await site.keepUp();
    expect([...site.copy.keys()].sort()).toEqual([mistaken.id, opportunity.id].sort());
    const { version } = await read(coordinator, `/v1/opportunities/${opportunity.id}/draft`);
    await t.api
      .patch(`/v1/opportunities/${opportunity.id}`)
      .set(coordinator)
      .set('if-match', `"${version}-json"`)
      .send({ title: 'Help plan research on falls at home', dates: 'Four Tuesdays, 2pm to 4pm' })
      .expect(200);
    await post(coordinator, `/v1/opportunities/${mistaken.id}/withdraw`, undefined, 200);
    await site.keepUp();
    expect(site.heard).toEqual([
      'opportunity.published',
      'opportunity.published',
      'opportunity.changed',
      'opportunity.withdrawn',
    ]);
    expect([...site.copy.keys()]).toEqual([opportunity.id]);
    expect(site.copy.get(opportunity.id)).toEqual(await read({}, `/v1/opportunities/${opportunity.id}`));
    expect(site.copy.get(opportunity.id)?.title).toBe('Help plan research on falls at home');
    await t.api.get(`/v1/opportunities/${mistaken.id}`).expect(404);
  });

  it('Ruth answers on that site, without an account, and confirms her address by a code', async () => {
    const person = { name: 'Ruth Ellison', email: 'ruth@example.org', replyBy: 'email' };
    const answers = [{ key: 'why', way: 'text', text: 'I fell on the stairs in March and again in June.' }];
    ruth = (await post(
      site.auth,
      `/v1/opportunities/${opportunity.id}/interests`,
      { person, answers, howHeard: 'site' },
      201,
    )) as typeof ruth;
    expect(ruth).toMatchObject({ state: 'received', channel: 'site', assisted: false });
    await messagesGoOut();
    const [code] = /\d{6}/.exec((await sentTo('ruth@example.org'))[0] ?? '') ?? [];
    await post({}, '/v1/interests/confirm', { reference: ruth.reference, code }, 200);
    expect(
      await post({}, '/v1/interests/follow', { reference: ruth.reference, contact: 'RUTH@example.org' }, 200),
    ).toMatchObject({ state: 'received', contactConfirmed: true });
  });

  it('Iqbal rings, and the coordinator writes it down', async () => {
    iqbal = await post(
      coordinator,
      `/v1/opportunities/${opportunity.id}/interests/recorded`,
      {
        channel: 'phone',
        person: { name: 'Iqbal Rahman', phone: '01632 960233', replyBy: 'phone' },
        confirmedByCall: true,
        availability: 'Afternoons',
      },
      201,
    );
    expect(iqbal).toMatchObject({ state: 'received', channel: 'phone', assisted: false });
  });

  it('Doreen comes with her son, who helps', async () => {
    const body = {
      organisationId,
      name: 'Doreen Maughan',
      phone: '01632 960204',
      preferredChannel: 'phone',
      ageGroup: 'adult',
    };
    doreenId = (await post(coordinator, '/v1/contributors', body, 201)).id;
    doreen = await post(
      coordinator,
      `/v1/opportunities/${opportunity.id}/interests/recorded`,
      {
        channel: 'in-person',
        contributorId: doreenId,
        help: { name: 'Keith Maughan', relation: 'son', by: 'in-person' },
      },
      201,
    );
    expect(doreen).toMatchObject({ state: 'received', assisted: true, name: 'Doreen Maughan' });
    await t.api
      .post(`/v1/opportunities/${opportunity.id}/interests/recorded`)
      .set(coordinator)
      .send({ channel: 'phone', contributorId: doreenId })
      .expect(409);
  });

  it('the coordinator shortlists, offers to two, and turns one down with a reason', async () => {
    const decide = (decisions: object[]) =>
      post(coordinator, `/v1/opportunities/${opportunity.id}/decisions`, { decisions }, 200);
    await decide([ruth, doreen].map(({ id }) => ({ interestId: id, decision: 'shortlist' })));
    const made = await decide([
      ...[ruth, doreen].map(({ id }) => ({ interestId: id, decision: 'offer' })),
      {
        interestId: iqbal.id,
        decision: 'turn-down',
        reason: 'We had two places, and looked for people who have fallen on stairs.',
      },
    ]);
    expect(made).toMatchObject({ decided: 3, places: 2, offered: 2, accepted: 0, free: 0 });
    expect(
      (await list(coordinator, `/v1/opportunities/${opportunity.id}/interests`)).map((one) => one.state).sort(),
    ).toEqual(['not-selected', 'offered', 'offered']);
  });

  it('everybody is told: by a message, or by somebody who rings', async () => {
    await messagesGoOut();
    expect((await sentTo('ruth@example.org')).length).toBe(2);
    const owed = await list(coordinator, '/v1/notices?state=owed');
    expect(owed.map((notice) => [notice.name, notice.kind, notice.channel, notice.to]).sort()).toEqual([
      ['Doreen Maughan', 'offered', 'phone', '01632 960204'],
      ['Iqbal Rahman', 'not-selected', 'phone', '01632 960233'],
    ]);
    expect(owed.find((notice) => notice.kind === 'not-selected')?.text).toContain('We had two places');
    for (const notice of owed)
      await post(coordinator, `/v1/notices/${notice.id}/told`, { how: 'phone', note: 'Told at once.' }, 200);
    expect(await list(coordinator, '/v1/notices?state=owed')).toEqual([]);
  });

  it('both accept, each in their way, and their involvement is on record', async () => {
    const ruthId = (
      await post(
        coordinator,
        '/v1/contributors',
        {
          organisationId,
          name: 'Ruth Ellison',
          email: 'ruth@example.org',
          preferredChannel: 'email',
          ageGroup: 'adult',
        },
        201,
      )
    ).id;
    await post(coordinator, `/v1/interests/${ruth.id}/contributor`, { contributorId: ruthId }, 200);
    expect((await post(site.auth, `/v1/interests/${ruth.id}/accept`, undefined, 200)).state).toBe('accepted');
    expect((await post(coordinator, `/v1/interests/${doreen.id}/accept`, undefined, 200)).state).toBe('accepted');
    const involvements = await list(coordinator, `/v1/involvements?opportunity=${opportunity.id}`);
    expect(involvements.map((one) => one.contributorId).sort()).toEqual([ruthId, doreenId].sort());
    expect(involvements.every((one) => one.state === 'planned')).toBe(true);
  });

  it('each of their activities is on record, with who was there', async () => {
    const involvements = await list(coordinator, `/v1/involvements?opportunity=${opportunity.id}`);
    t.clock.set('2026-12-15T18:00:00.000Z');
    const items = involvements.map(({ id }) => ({
      involvementId: id,
      on: '2026-12-15',
      kind: 'meeting',
      mode: 'in-person',
      minutes: 120,
      attendance: 'attended',
    }));
    await post(coordinator, '/v1/activities/bulk', { items }, 200);
    for (const { id } of involvements) {
      expect((await read(coordinator, `/v1/involvements/${id}`)).state).toBe('active');
      expect((await list(coordinator, `/v1/involvements/${id}/activities`)).map((one) => one.attendance)).toEqual([
        'attended',
      ]);
    }
  });

  it('the data team pulls how many were reached, interested, selected and took part', async () => {
    await post(site.auth, `/v1/opportunities/${opportunity.id}/views`, { day: '2026-11-23', count: 50 }, 200);
    await post(site.auth, `/v1/opportunities/${opportunity.id}/views`, { day: '2026-11-24', count: 7 }, 200);
    const analyst = await t.as('diversity-analyst');
    const period = 'from=2026-10-01&to=2026-12-31';
    const exact = await read(analyst, `/v1/reports/reach?${period}&organisation=${organisationId}&by=channel`);
    expect(exact.total).toMatchObject({ reached: 57, interested: 3, selected: 2, tookPart: 2 });
    expect(exact.rows).toMatchObject([
      { value: 'assisted', interested: 1, selected: 1, tookPart: 1 },
      { value: 'unassisted', interested: 2, selected: 1, tookPart: 1 },
      { value: 'without-interest', interested: 0, selected: 0, tookPart: 0 },
    ]);
    t.clock.set('2027-01-05T09:00:00.000Z');
    await t.api.get(`/v1/reports/reach?${period}`).expect(404);
    await new ReleasePeople(t).add(OURS, 80);
    const release = await published(t, await t.as('data-steward'), { from: '2026-10-01', until: '2027-01-01' });
    const told = await read({}, `/v1/reports/reach?${period}`);
    expect(told).toMatchObject({
      exact: false,
      release: { id: release.id, number: 1, releasedOn: '2027-01-05' },
      total: { reached: 55, interested: null, selected: null, tookPart: null },
    });
    await t.api.get(`/v1/reports/reach?${period}&organisation=${organisationId}`).expect(401);
  });
});
