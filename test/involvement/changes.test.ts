import { OpportunityClock } from '../../src/involvement/opportunity/opportunity-clock';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { startApp, TestApp } from '../support/app';
import { publish as publishIn, publishAll } from './catalogue-support';
import { act, Headers, makeProject } from './opportunity-support';

describe('what a site keeps', () => {
  let t: TestApp;
  let coordinator: Headers;
  let project: string;
  let ids: Record<string, string>;
  const heard = () => t.app.get(Sequencer, { strict: false }).run();
  const publish = (more: object): Promise<string> => publishIn(t, coordinator, project, more);

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    project = (await makeProject(t, coordinator)).id;
    ids = await publishAll(t, coordinator, project);
    await heard();
  });
  afterAll(() => t.stop());

  interface Feed {
    data: {
      position: string;
      type: string;
      id: string;
      gone: boolean;
      record: { title: string; status: string } | null;
    }[];
    meta: { after: string; more: boolean };
  }
  const read = async (after: string, limit = 100): Promise<Feed> =>
    (await t.api.get(`/v1/changes?after=${after}&limit=${limit}`).expect(200)).body as Feed;

  /** A site that knows nothing but the feed. */
  async function copy(from: Map<string, string>, after: string): Promise<string> {
    for (;;) {
      const { data, meta } = await read(after, 2);
      for (const change of data) {
        if (change.record) from.set(change.id, `${change.record.title} (${change.record.status})`);
        else from.delete(change.id);
      }
      after = meta.after;
      if (!meta.more) return after;
    }
  }

  it('keeps a copy right through a publication, a change, a hiding and a withdrawal', async () => {
    const mine = new Map<string, string>();
    let after = await copy(mine, '0');
    expect(mine.size).toBe(3);

    const fresh = await publish({ title: 'Brand new' });
    const draft = await t.api.get(`/v1/opportunities/${ids.sleep}/draft`).set(coordinator).expect(200);
    await t.api
      .patch(`/v1/opportunities/${ids.sleep}`)
      .set(coordinator)
      .set('if-match', draft.headers.etag ?? '')
      .send({ title: 'Sleeping well' })
      .expect(200);
    await heard();
    after = await copy(mine, after);
    expect(mine.get(fresh)).toBe('Brand new (open)');
    expect(mine.get(ids.sleep ?? '')).toBe('Sleeping well (open)');

    await act(t, await t.as('national-administrator'), fresh, 'hide', { hiddenBecause: 'Asks for money.' }).expect(200);
    await act(t, coordinator, ids.stroke, 'withdraw').expect(200);
    await heard();
    after = await copy(mine, after);
    expect([...mine.keys()].sort()).toEqual([ids.sleep, ids.breath].sort());

    const { data, meta } = await read(after);
    expect({ data, meta }).toEqual({ data: [], meta: { after, more: false } });
  });

  it('tells sites when what closed long ago leaves the public record', async () => {
    const id = await publish({ title: 'Long ago', closesOn: '2026-12-02' });
    const mine = new Map<string, string>();
    await heard();
    let after = await copy(mine, '0');
    const before = t.clock.now();
    t.clock.set('2027-01-10T12:00:00Z');
    await t.app.get(OpportunityClock, { strict: false }).run();
    await heard();
    after = await copy(mine, after);
    expect(mine.get(id)).toBe('Long ago (closed)');
    t.clock.set('2027-12-03T00:00:01Z');
    await t.app.get(OpportunityClock, { strict: false }).run();
    await heard();
    await copy(mine, after);
    expect(mine.has(id)).toBe(false);
    await t.api.get(`/v1/opportunities/${id}`).expect(404);
    t.clock.set(before);
  });

  it('says so when a site has read further than there is: it kept the copy of another database', async () => {
    const { body } = await t.api.get('/v1/changes?after=999999').expect(409);
    expect((body as { code: string }).code).toBe('position_unknown');
  });

  it.each(['after=-1', 'after=x', 'after=99999999999999999999', 'limit=501'])('refuses %s', async (query) => {
    await t.api.get(`/v1/changes?${query}`).expect(400);
  });
});
