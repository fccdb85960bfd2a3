import { createHash } from 'node:crypto';
import { listName, toFhir } from '../questionnaire/fhir';
import { structureFaults } from '../questionnaire/structure';
import { hasCode, referenceFiles } from './load';

const { lists, mappings, questionnaires } = referenceFiles();
const byName = new Map(lists.lists.map((list) => [listName(list), list]));
const codesOf = (name: string): string[] => (byName.get(name)?.codes ?? []).map((code) => code.code);
const has = (list: string, version: number, code: string): boolean => hasCode(byName, list, version, code);

describe('the code lists', () => {
  it('have each version and each code once', () => {
    expect(byName.size).toBe(lists.lists.length);
    for (const name of byName.keys()) expect(new Set(codesOf(name)).size).toBe(codesOf(name).length);
  });

  it('hold what is counted elsewhere: 19 backgrounds in five groups, and the 15 of Be Part of Research', () => {
    const unsaid = 'prefer-not-to-say';
    expect(codesOf('ethnic-group/1')).toEqual(['asian', 'black', 'mixed', 'white', 'other', unsaid]);
    expect(codesOf('ethnic-background/1')).toHaveLength(19 + 1);
    expect(codesOf('ethnic-background-be-part-of-research/2')).toHaveLength(15 + 1);
    expect(codesOf('ethnic-background-be-part-of-research/1')).not.toContain('roma');
  });

  it('say where they come from, and which were never checked', () => {
    const unchecked = lists.lists.filter((list) => !list.verified).map(listName);
    expect(unchecked).toEqual(
      expect.arrayContaining(['ethnic-background-scotland/1', 'ethnic-background-northern-ireland/1']),
    );
    expect(lists.lists.filter((list) => list.source.length < 5)).toEqual([]);
  });
});

describe('the mappings', () => {
  it.each(mappings.mappings.map((mapping) => [`${mapping.from} to ${mapping.to}`, mapping] as const))(
    'from %s name every code of the one list and only codes of the other, and say why one cannot be mapped',
    (_, mapping) => {
      expect(mapping.codes.map((row) => row.code).sort()).toEqual(codesOf(mapping.from).sort());
      for (const row of mapping.codes) {
        if (row.to !== null) expect(codesOf(mapping.to)).toContain(row.to);
        else expect(row.note?.length).toBeGreaterThan(10);
      }
    },
  );

  it('bring every ethnic background to one of the five groups, by whichever list it was chosen', () => {
    const to = new Set(mappings.mappings.filter((m) => m.to === 'ethnic-group/1').map((m) => m.from));
    const from = [...byName.keys()].filter((name) => name.startsWith('ethnic-background'));
    expect(from.filter((name) => !to.has(name))).toEqual([]);
  });

  it('say that Black British cannot be mapped to one of the 19, and is Black among the five', () => {
    const of = (to: string): string | null | undefined =>
      mappings.mappings
        .find((m) => m.from === 'ethnic-background-be-part-of-research/2' && m.to === to)
        ?.codes.find((row) => row.code === 'black-british')?.to;
    expect(of('ethnic-background/1')).toBeNull();
    expect(of('ethnic-group/1')).toBe('black');
  });
});

describe('the diversity questionnaire', () => {
  const [first] = questionnaires.questionnaires;
  const resource = first && toFhir(first, byName);

  it('is a questionnaire whose codes are all in their lists', () => {
    expect(structureFaults(resource, has)).toEqual([]);
  });

  it('stays as it was published: a change is a new version', () => {
    const questions = JSON.stringify(
      resource?.item.map(({ linkId, type, repeats, answerOption }) => [
        ...[linkId, type, repeats],
        answerOption?.map(({ valueCoding: { system, version, code } }) => [system, version, code]),
      ]),
    );
    expect(createHash('sha256').update(questions).digest('hex')).toBe(PUBLISHED);
  });
});

/** Of the questions and codes of version 1, in their order. */
const PUBLISHED = 'e5eb5cbb29f32c8898d0f4f542a543b04f4c69dbef1d8aeab4eb57d4d0947796';
