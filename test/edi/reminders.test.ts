import { Reminders } from '../../src/edi/reminder/reminders';
import { type Message, Sender } from '../../src/kernel/messages/sender';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { startApp, TestApp } from '../support/app';
import { Collecting, Headers, OURS, THEIRS } from './collection-support';

let t: TestApp;
let on: Collecting;
let reminders: Reminders;
let sender: Sender;
let ours: string;
let theirs: string;
const COUNTS = 'Sex,Count\nFemale,3\n';
const MORNING = ['2026-11-25T08:00:00Z', '2026-11-26T08:00:00Z', '2026-11-27T08:00:00Z'] as const;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
  reminders = t.app.get(Reminders, { strict: false });
  sender = t.app.get(Sender, { strict: false });
  [ours, theirs] = [await t.organisation(OURS), await t.organisation(THEIRS)];
});
afterEach(async () => {
  jest.restoreAllMocks();
  t.clock.set('2026-11-23T12:00:00Z');
  // What one test left open is not late in the next.
  await t.db.query(`UPDATE edi.collection SET state = 'closed', closed_at = now() WHERE state = 'open'`);
});
afterAll(() => t.stop());

interface Reached {
  organisationId: string;
  remindedOn: string | null;
  reminder: { day: string; state: string; sentAt: string | null } | null;
  hasMailbox: boolean | null;
}

let mailboxes = 0;
/** A collection that is late from 25 November, of us and them; ours has an address of its own in each test. */
const late = async (more: Record<string, unknown> = {}): Promise<{ id: string; mailbox: string }> => {
  const mailbox = `returns${++mailboxes}@example.org`;
  const organisations = [{ organisationId: ours, mailbox }, { organisationId: theirs }];
  return { id: await on.open({ dueOn: '2026-11-24', releaseOn: '2027-01-19', organisations, ...more }), mailbox };
};
const mails = async (to: string): Promise<{ id: string; subject: string; body: string }[]> =>
  (
    await t.db.query<{ id: string; subject: string; body: string }>(
      'SELECT id, subject, body FROM kernel.outbox_message WHERE recipient = $1 ORDER BY made_at, id',
      [to],
    )
  ).rows;
const reached = async (id: string, organisation: string, who: Headers = on.steward): Promise<Reached | undefined> => {
  const { body } = await t.api.get(`/v1/diversity/collections/${id}/progress`).set(who).expect(200);
  return (body as { organisations: Reached[] }).organisations.find((one) => one.organisationId === organisation);
};

/** Until somebody waits for a row that another transaction holds. */
const somebodyWaits = async (): Promise<void> => {
  for (let asked = 0; asked < 20_000; asked++) {
    const { rows } = await t.db.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple') LIMIT 1`,
    );
    if (rows.length > 0) return;
  }
  throw new Error('Nobody waits');
};

describe('reminders', () => {
  it('are told of and recorded once a day for each late organisation, however often the job runs, even at once', async () => {
    const { id } = await late();
    await on.accepted(id, 'counts', COUNTS);
    const events = async () =>
      (
        await t.db.query<{ organisation_id: string; day: string }>(
          `SELECT organisation_id, data->>'day' AS day FROM kernel.event
           WHERE type = 'diversity-return.reminded' AND data->>'collectionId' = $1 ORDER BY id`,
          [id],
        )
      ).rows;
    t.clock.set('2026-11-24T12:00:00Z');
    await reminders.remind();
    expect(await events()).toEqual([]);
    t.clock.set(MORNING[0]);
    const made = await Promise.all([reminders.remind(), reminders.remind(), reminders.remind()]);
    expect(made.sort()).toEqual([0, 0, 1]);
    t.clock.set(MORNING[1]);
    expect([await reminders.remind(), await reminders.remind()]).toEqual([1, 0]);
    expect(await events()).toEqual([
      { organisation_id: theirs, day: '2026-11-25' },
      { organisation_id: theirs, day: '2026-11-26' },
    ]);
  });

  it('reach the mailbox of a late organisation in plain words, by the job, and no more once its return is here', async () => {
    const { id, mailbox } = await late({ contact: 'The data team, 01632 960140' });
    t.clock.set(MORNING[0]);
    const jobs = t.app.get(Jobs, { strict: false });
    await t.db.query(`INSERT INTO pgboss.job (name) VALUES ('collection.remind'), ('collection.remind')`);
    expect(await jobs.drain('collection.remind')).toBe(2);
    const [mail, ...more] = await mails(mailbox);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('Your diversity return is late: Public contributors, July to September 2026');
    for (const said of [
      'Regional Research Delivery Network',
      'About: 1 July 2026 to 30 September 2026',
      'Due: 24 November 2026',
      '- counts, such as a pivot table',
      `${t.config.publicUrl}/docs`,
      `${t.config.publicUrl}/v1/diversity/collections/${id}`,
      'The data team, 01632 960140',
      `${t.config.publicUrl}/v1/diversity/reminder-mailboxes/${ours}`,
    ])
      expect(mail?.body).toContain(said);
    expect(await reached(id, ours)).toMatchObject({
      remindedOn: '2026-11-25',
      reminder: { day: '2026-11-25', state: 'sent', sentAt: new Date(MORNING[0]).toISOString() },
      hasMailbox: true,
    });
    t.clock.set(MORNING[1]);
    await reminders.remind();
    expect(await mails(mailbox)).toHaveLength(2);
    await on.accepted(id, 'counts', COUNTS);
    t.clock.set(MORNING[2]);
    await reminders.remind();
    expect(await mails(mailbox)).toHaveLength(2);
    expect(await reached(id, ours)).toMatchObject({ remindedOn: '2026-11-26' });
  });

  it('show whom nobody can be sent to, and reach them once there is an address', async () => {
    const { id } = await late();
    t.clock.set(MORNING[0]);
    await reminders.remind();
    const nobody = { remindedOn: null, reminder: { day: '2026-11-25', state: 'no-mailbox', sentAt: null } };
    expect(await reached(id, theirs)).toMatchObject({ ...nobody, hasMailbox: false });
    await t.api
      .put(`/v1/diversity/reminder-mailboxes/${theirs}`)
      .set(await t.as('coordinator', THEIRS))
      .send({ email: 'theirs@example.org' })
      .expect(200);
    await reminders.remind();
    expect(await mails('theirs@example.org')).toHaveLength(1);
    expect(await reached(id, theirs)).toMatchObject({ remindedOn: '2026-11-25', reminder: { state: 'sent' } });
    // How an organisation is reached is told to itself and to who runs the collection.
    expect(await reached(id, theirs, on.analyst)).toMatchObject({ reminder: null, hasMailbox: null });
    expect(await reached(id, ours, on.analyst)).toMatchObject({ reminder: { state: 'sent' }, hasMailbox: true });
  });

  it('that the sender fails keep back no others, and are sent by the next run, without a double', async () => {
    const { id, mailbox } = await late({
      organisations: [
        { organisationId: ours, mailbox: 'fails@example.org' },
        { organisationId: theirs, mailbox: 'goes@example.org' },
      ],
    });
    expect(mailbox).not.toBe('fails@example.org');
    const deliver = sender.deliver.bind(sender);
    const spy = jest
      .spyOn(sender, 'deliver')
      .mockImplementation((message: Message) =>
        message.to === 'fails@example.org' ? Promise.reject(new Error('full')) : deliver(message),
      );
    t.clock.set(MORNING[0]);
    await expect(reminders.remind()).rejects.toThrow('full');
    expect(await reached(id, ours)).toMatchObject({ remindedOn: null, reminder: { state: 'failed', sentAt: null } });
    expect(await reached(id, theirs)).toMatchObject({ reminder: { state: 'sent' } });
    spy.mockRestore();
    await reminders.remind();
    await reminders.remind();
    expect(await reached(id, ours)).toMatchObject({ remindedOn: '2026-11-25', reminder: { state: 'sent' } });
    expect([(await mails('fails@example.org')).length, (await mails('goes@example.org')).length]).toEqual([1, 1]);
  });

  it('are sent once where the process dies between the message and the mark', async () => {
    const { id, mailbox } = await late();
    await t.api
      .patch(`/v1/diversity/collections/${id}`)
      .set({ ...on.steward, 'if-match': '"2-json"' })
      .send({ organisations: [{ organisationId: ours, mailbox }] })
      .expect(200);
    const deliver = sender.deliver.bind(sender);
    jest.spyOn(sender, 'deliver').mockImplementationOnce(async (message) => {
      await deliver(message);
      throw new Error('killed');
    });
    t.clock.set(MORNING[0]);
    await expect(reminders.remind()).rejects.toThrow('killed');
    expect([await mails(mailbox), (await reached(id, ours))?.reminder?.state]).toEqual([
      [expect.any(Object)],
      'failed',
    ]);
    await reminders.remind();
    expect([await mails(mailbox), (await reached(id, ours))?.reminder?.state]).toEqual([[expect.any(Object)], 'sent']);
  });

  it('are handed to the sender once, though several runs come at once', async () => {
    const { mailbox } = await late();
    const spy = jest.spyOn(sender, 'deliver');
    t.clock.set(MORNING[0]);
    await Promise.all([1, 2, 3, 4].map(() => reminders.remind()));
    expect(spy.mock.calls.filter(([{ to }]) => to === mailbox)).toHaveLength(1);
    expect(await mails(mailbox)).toHaveLength(1);
  });

  it('are dropped where the return, or the closing, comes between the decision and the message', async () => {
    const { id, mailbox } = await late();
    jest.spyOn(sender, 'deliver').mockRejectedValue(new Error('down'));
    t.clock.set(MORNING[0]);
    await expect(reminders.remind()).rejects.toThrow('down');
    jest.restoreAllMocks();
    await on.accepted(id, 'counts', COUNTS);
    await reminders.remind();
    expect(await mails(mailbox)).toEqual([]);
    expect(await reached(id, ours)).toMatchObject({ remindedOn: null, reminder: { state: 'dropped' } });
  });

  it('make a return that comes while one is sent wait until it is out, and are not sent after it', async () => {
    const { id, mailbox } = await late();
    const deliver = sender.deliver.bind(sender);
    let sending: Promise<unknown> | undefined;
    let came = false;
    jest.spyOn(sender, 'deliver').mockImplementation(async (message) => {
      if (message.to === mailbox) {
        sending = on.accepted(id, 'counts', COUNTS).then(() => (came = true));
        await somebodyWaits();
        expect(came).toBe(false);
      }
      return deliver(message);
    });
    t.clock.set(MORNING[0]);
    await reminders.remind();
    await sending;
    expect(came).toBe(true);
    expect(await mails(mailbox)).toHaveLength(1);
    jest.restoreAllMocks();
    t.clock.set(MORNING[1]);
    await reminders.remind();
    expect(await mails(mailbox)).toHaveLength(1);
  });

  it('are failed where the service has no way to send', async () => {
    const { id } = await late();
    jest.spyOn(sender, 'reaches').mockReturnValue(false);
    t.clock.set(MORNING[0]);
    await reminders.remind();
    expect(await reached(id, ours)).toMatchObject({ hasMailbox: true, reminder: { state: 'failed' } });
  });
});
