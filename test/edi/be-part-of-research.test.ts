import { referenceFiles } from '../../src/instruments/reference/load';
import { readVolunteer, type VolunteerLookups } from '../../src/edi/answers/be-part-of-research';

const { lists, mappings } = referenceFiles();
const look: VolunteerLookups = {
  today: '2026-11-23',
  region: () => Promise.resolve(null),
  codesOf: (name) => Promise.resolve(lists.lists.find((list) => `${list.key}/${list.version}` === name)?.codes ?? []),
  mapped: (from, code, to) => {
    const found = mappings.mappings.find((m) => m.from === from && m.to === to)?.codes.find((row) => row.code === code);
    if (!found) throw new Error(`${from} ${code} to ${to}`);
    return Promise.resolve(found.to);
  },
};

describe('a volunteer of Be Part of Research', () => {
  it.each([
    ['Bangladeshi', 'asian', 'asian-bangladeshi'],
    ['African', 'black', 'black-african'],
    ['Black British', 'black', null],
    ['Asian and White', 'mixed', 'mixed-white-and-asian'],
    ['British, English, Northern Irish, Scottish, or Welsh', 'white', 'white-british'],
    ['Irish Traveller', 'white', 'white-gypsy-or-irish-traveller'],
    ['Irish Traveller or Gypsy', 'white', 'white-gypsy-or-irish-traveller'],
    ['Roma', 'white', 'white-roma'],
    ['Arab', 'other', 'other-arab'],
    ['prefer not to say', undefined, 'prefer-not-to-say'],
  ])('of background %s counts as %s and %s', async (ethnicBackground, group, background) => {
    const { columns } = await readVolunteer({ ethnicBackground }, look);
    expect([columns.ethnic_group, columns.ethnic_background]).toEqual([group, background]);
  });

  it('may have written a background that is in no list', async () => {
    const { columns, notMapped } = await readVolunteer({ ethnicGroup: 'asian', ethnicBackground: 'Sri Lankan' }, look);
    expect(columns).toEqual({ ethnic_group: 'asian' });
    expect(notMapped).toMatchObject([{ field: 'ethnicBackground', code: 'unknown_value' }]);
  });

  it.each([
    [true, 'same-as-sex-registered'],
    [false, 'different'],
    ['noSay', 'prefer-not-to-say'],
    [null, undefined],
  ])('whose gender is the same %s, is %s', async (genderIsSameAsSexRegisteredAtBirth, expected) => {
    const { columns } = await readVolunteer({ genderIsSameAsSexRegisteredAtBirth }, look);
    expect(columns.gender_identity).toBe(expected);
  });

  it.each([
    ['Yes, a lot', 'yes-a-lot'],
    ['Yes-a-little', 'yes-a-little'],
    ['Not at all', 'not-at-all'],
    ['Prefer not to say', 'prefer-not-to-say'],
    ['sometimes', undefined],
  ])('whose condition has an effect of %s, is %s', async (disabilityDescription, expected) => {
    const { columns } = await readVolunteer({ disability: true, disabilityDescription }, look);
    expect([columns.long_term_condition, columns.activity_limited]).toEqual(['yes', expected]);
  });

  it.each([
    ['1971-02-03', 1971],
    ['1971-02-03T00:00:00Z', 1971],
    ['2027-02-03', undefined],
    ['1896-02-03', undefined],
    ['03/02/1971', undefined],
    [1971, undefined],
  ])('born on %s is kept with the year %s', async (dateOfBirth, expected) => {
    expect((await readVolunteer({ dateOfBirth }, look)).columns.year_of_birth).toBe(expected);
  });

  it('is read whatever the fields begin with, and names that are of no field do no harm', async () => {
    const { kept, notRead } = await readVolunteer(
      { SexRegisteredAtBirth: 'male', constructor: 1, ['__proto__x']: 2 },
      look,
    );
    expect([kept, notRead]).toEqual([['sex'], ['constructor', '__proto__x']]);
  });
});
