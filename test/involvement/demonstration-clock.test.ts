import { Demonstration } from '../../src/involvement/demonstration/demonstration';
import { readTexts } from '../../src/involvement/demonstration/texts';
import { startApp } from '../support/app';

/** The first start loads the demonstration at whatever hour it happens to be. */
it.each([
  ['in the last hour of a winter day, four weeks after the clocks went back', '2026-11-22T23:48:00.000Z'],
  ['in the first hour of a summer day, which is the day before by UTC', '2027-04-10T23:30:00.000Z'],
  ['in the hour that the clocks leave out', '2027-03-28T00:59:59.000Z'],
])('the demonstration loads %s', async (_, now) => {
  const t = await startApp();
  try {
    t.clock.set(now);
    expect(await t.app.get(Demonstration, { strict: false }).load()).toBe(true);
    const { rows } = await t.db.query<{ opportunities: number; views: number }>(
      `SELECT (SELECT count(*)::int FROM involvement.opportunity) AS opportunities, count(*)::int AS views FROM involvement.opportunity_view`,
    );
    expect(rows[0]?.opportunities).toBe(readTexts().opportunities.length);
    expect(rows[0]?.views).toBeGreaterThan(500);
  } finally {
    await t.stop();
  }
});
