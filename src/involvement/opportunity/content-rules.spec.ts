import { changedContent, contentFaults, contentOf, differences, isMaterial } from './content-rules';
import type { Content } from './opportunity-content';

const BASE = contentOf({
  title: 'Talk',
  kind: 'survey',
  howToApply: [{ way: 'phone', detail: 'Ring' }],
  accessProvision: ['captions'],
} as Content);
const PLACE = { name: 'Library', town: 'Leeds' };

describe('changedContent', () => {
  it.each<[string, Partial<Content>, Partial<Content>, Partial<Content>]>([
    ['leaves out what is absent', {}, {}, {}],
    ['leaves out what is undefined', {}, { title: undefined }, {}],
    ['leaves out what is the same', {}, { title: 'Talk', howToApply: [{ detail: 'Ring', way: 'phone' }] }, {}],
    ['takes what differs', {}, { title: 'Listen' }, { title: 'Listen' }],
    ['clears by null', { summary: 'x' }, { summary: null }, { summary: null }],
    ['replaces a list', {}, { accessProvision: ['breaks'] }, { accessProvision: ['breaks'] }],
    ['merges an object', { place: PLACE }, { place: { town: 'York' } }, { place: { name: 'Library', town: 'York' } }],
    ['takes a member out by null', { place: PLACE }, { place: { name: null } }, { place: { town: 'Leeds' } }],
    ['leaves an object alone where nothing in it changes', { place: PLACE }, { place: { town: 'Leeds' } }, {}],
    ['clears an object by null', { place: PLACE }, { place: null }, { place: null }],
    ['begins an object', {}, { place: { town: 'York', name: null } }, { place: { town: 'York' } }],
  ])('%s', (_, more, change, changed) => {
    expect(changedContent({ ...BASE, ...more }, change)).toEqual(changed);
  });
});

describe('differences', () => {
  it('names the fields that differ, in the order in which people read them', () => {
    expect(differences(BASE, { ...BASE, closesOn: '2027-01-01', title: 'Listen' })).toEqual(['title', 'closesOn']);
    expect(differences(BASE, { ...BASE })).toEqual([]);
  });

  it.each<[string[], boolean]>([
    [[], false],
    [['title', 'summary', 'contact', 'welsh'], false],
    [['summary', 'closesOn'], true],
    [['payment'], true],
    [['minAge'], true],
  ])('holds a change of %j for material: %s', (fields, material) => {
    expect(isMaterial(fields)).toBe(material);
  });
});

describe('contentFaults', () => {
  it.each<[Partial<Content>, string[]]>([
    [{}, []],
    [{ payment: { kind: 'amount', pence: 0, per: 'hour' } }, []],
    [{ payment: { kind: 'amount', pence: 100 } }, ['amount_needed']],
    [{ payment: { kind: 'amount', per: 'day' } }, ['amount_needed']],
    [{ payment: { kind: 'policy-band', band: 'Half a day' } }, []],
    [{ payment: { kind: 'policy-band' } }, ['band_needed']],
    [{ payment: { kind: 'none' } }, []],
    [{ payment: { kind: 'none', band: 'Half a day' } }, ['none_has_no_amount']],
    [{ startsOn: '2027-01-01', endsOn: '2027-01-01' }, []],
    [{ startsOn: '2027-01-02', endsOn: '2027-01-01' }, ['ends_before_it_starts']],
    [{ minAge: 18, maxAge: 18 }, []],
    [{ minAge: 19, maxAge: 18 }, ['ages_out_of_order']],
    [{ openToUnder18: true, minAge: 17 }, []],
    [{ openToUnder18: true, minAge: 18 }, ['ages_disagree']],
    [{ openToUnder18: false, maxAge: 17 }, ['ages_disagree']],
    [{ openToUnder18: false, maxAge: 18 }, []],
    [{ identifiers: [{ scheme: 'a', value: 'b' }, { scheme: 'a', value: 'c' }] }, []], // prettier-ignore
    [{ identifiers: [{ scheme: 'a', value: 'b' }, { scheme: 'a', value: 'b' }] }, ['identifier_twice']], // prettier-ignore
  ])('%j has the faults %j', (content, codes) => {
    expect(contentFaults(content).map((fault) => fault.code)).toEqual(codes);
  });
});
