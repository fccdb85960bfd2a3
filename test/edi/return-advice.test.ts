import ExcelJS from 'exceljs';
import { startApp, TestApp } from '../support/app';
import { Collecting, Headers, Sent } from './collection-support';

let t: TestApp;
let on: Collecting;
let coordinator: Headers;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
  coordinator = await t.as('coordinator');
});
afterAll(() => t.stop());

const counts = (n: number): string => `Sex,Count\nFemale,${n}\nTotal,${n}\n`;
const notesOf = (answer: { body: unknown }): string[] => {
  const { notes, received } = answer.body as { notes?: string[]; received?: Sent['received'] };
  return notes ?? received?.notes ?? [];
};

describe('a return that takes the place of one of a very different size', () => {
  const NOTE = /This return has 50 people; the one that it replaces had 214\./;

  it('is noted where it is checked and where it is accepted, with the own figures of the organisation', async () => {
    const collection = await on.open();
    await on.accepted(collection, 'anonymous-rows', `Sex\n${'female\n'.repeat(214)}`);
    const before = await on.stored();
    expect(notesOf(await on.check(collection, 'counts', counts(50)).expect(200))).toEqual([
      expect.stringMatching(NOTE),
    ]);
    expect(await on.stored()).toEqual(before);
    expect(notesOf(await on.check(collection, 'counts', counts(150)).expect(200))).toEqual([]);
    const sent = await on.accepted(collection, 'counts', counts(50));
    expect(sent.received?.notes).toEqual([expect.stringMatching(NOTE)]);
    expect((await on.accepted(collection, 'counts', 'Sex,Count\nFemale,200\nMale,<5\n')).received?.notes).toEqual([
      expect.stringContaining('This return has 200 to 204 people; the one that it replaces had 50.'),
    ]);
  });

  it('is noted to nobody who may not read the figures: coordinators who send, and stewards who look', async () => {
    const collection = await on.open();
    await on.accepted(collection, 'anonymous-rows', `Sex\n${'female\n'.repeat(214)}`);
    const sent = (await on.send(collection, 'counts', counts(50), '', coordinator).expect(201)).body as Sent;
    expect(sent.received?.notes).toEqual([]);
    const second = (await on.send(collection, 'counts', counts(214), '').expect(201)).body as Sent;
    expect(second.received?.notes).toHaveLength(1);
    for (const path of [`/v1/diversity/returns/${second.id}`, `/v1/diversity/returns?collection=${collection}`])
      expect((await t.api.get(path).set(on.steward).expect(200)).text).not.toMatch(/This return has|"rows":/);
  });

  it('is not compared with answers that people gave to this service', async () => {
    const collection = await on.open();
    await on.accepted(collection, 'live', undefined);
    expect((await on.accepted(collection, 'counts', counts(50))).received?.notes).toEqual([]);
    expect((await on.accepted(collection, 'live', undefined)).received?.notes).toEqual([]);
  });
});

describe('what a sender is told', () => {
  it('takes pivot tables of a workbook that leaves the blank row between them out', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('Read me').addRow(['Counts of our contributors']);
    const sheet = book.addWorksheet('Pivots');
    for (const cells of [
      ...[['Sex'], ['Row Labels', 'Count of people'], ['Female', 30], ['Male', 20], ['Grand Total', 50], []],
      ...[['Age'], ['Row Labels', 'Count of people'], ['45 to 54', 42], ['Unknown', 8], ['Grand Total', 50]],
    ])
      sheet.addRow(cells);
    const file = Buffer.from(await book.xlsx.writeBuffer());
    const checked = await on.check(await on.open(), 'counts', file).expect(200);
    expect(checked.body).toMatchObject({
      ...{ acceptable: true, faults: [] },
      notes: [expect.stringContaining('Only the sheet "Pivots" was read.')],
    });
  });

  it('says what to write where the name of the ground is missing', async () => {
    const path = on.path(await on.open(), 'counts').replace(/&basisReference=[^&]*/, '');
    const send = (more: string) =>
      t.api.post(`${path}${more}`).set(on.analyst).set('content-type', 'text/csv').send(counts(5)).expect(400);
    for (const more of ['', '&basisReference='])
      expect((await send(more)).body).toMatchObject({
        errors: [{ at: 'basisReference', message: expect.stringContaining('the number of the agreement') as string }],
      });
  });
});
