import fc from 'fast-check';
import { changedContent } from './content-rules';
import { csvHeader, csvLine, csvRows } from './opportunity-csv';
import { Opportunity } from './opportunity.entity';

/** Text as the service stores it: line breaks as one character, no space at the ends of a value in a list. */
const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).map((s) => s.replace(/\r\n?/g, '\n'));
const words = text.map((s) => s.trim()).filter((s) => s !== '');
const plain = text.filter((s) => s !== '');

const opportunities = fc.record({
  title: plain,
  summary: fc.option(plain),
  sessions: fc.option(fc.nat(1000)),
  hoursPerSession: fc.option(fc.integer({ min: 0, max: 400 }).map((n) => n / 4)),
  noExperienceNeeded: fc.boolean(),
  expensesPaid: fc.option(fc.boolean()),
  conditions: fc.uniqueArray(words, { maxLength: 4 }),
  howToApply: fc.array(fc.record({ way: fc.constantFrom('phone', 'post'), detail: words }), { maxLength: 3 }),
  identifiers: fc.array(fc.record({ scheme: fc.constantFrom('voice', 'local-site'), value: words }), { maxLength: 3 }),
  payment: fc.option(fc.record({ kind: fc.constant('amount'), pence: fc.nat(100_000), per: fc.constant('hour') })),
  place: fc.option(fc.record({ name: plain, town: plain })),
  welsh: fc.option(fc.record({ title: plain, summary: plain })),
  questions: fc.array(
    fc.record({ key: fc.constant('why'), question: plain, required: fc.boolean(), ways: fc.constant(['text']) }),
    { maxLength: 2 },
  ),
});

describe('opportunities as CSV', () => {
  it('come back as they went out, whatever they say', () => {
    fc.assert(
      fc.property(opportunities, (given) => {
        const empty = {
          accessProvision: [],
          languages: [],
          healthCategories: [],
          openToUnder18: false,
          kind: 'survey',
          state: 'draft',
        };
        const all = { easyRead: null, contact: null, draw: null };
        const opportunity = Object.assign(new Opportunity(), empty, all, given);
        for (const field of ['stage', 'mode', 'dates', 'startsOn', 'endsOn', 'closesOn', 'regionCode'] as const)
          opportunity[field] = null;
        const [row] = csvRows(csvHeader() + csvLine(opportunity));
        const back = changedContent(opportunity, row?.item ?? {});
        const absent = Object.fromEntries(
          Object.entries(back).filter(([field, value]) => value !== null || field in given),
        );
        expect(absent).toEqual({});
      }),
    );
  });

  it.each([`=1+1`, `'=1+1`, `''@x`, `+44`, `'quoted'`])(
    'gives %s back as it was, and no spreadsheet a formula',
    (title) => {
      const lists = {
        accessProvision: [],
        languages: [],
        healthCategories: [],
        conditions: [],
        howToApply: [],
        identifiers: [],
        questions: [],
      };
      const line = csvLine(Object.assign(new Opportunity(), lists, { title }));
      expect(csvRows(csvHeader() + line)[0]?.item.title).toBe(title);
      expect(line).not.toMatch(/(^|,)"?[=+@]/);
    },
  );
});
