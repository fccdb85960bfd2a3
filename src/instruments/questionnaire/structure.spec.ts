import { structureFaults } from './structure';

const coding = (code: string) => ({
  valueCoding: { system: 'urn:public-partnerships:code-list:sex', version: '1', code },
});
const item = (more: object = {}) => ({
  ...{ linkId: 'sex', text: 'What is your sex?', type: 'choice', answerOption: [coding('female'), coding('male')] },
  ...more,
});
const questionnaire = (...items: object[]) => ({
  ...{ resourceType: 'Questionnaire', url: 'urn:x', version: '1', title: 'T', status: 'active' },
  item: items,
});
const has = (list: string, version: number, code: string): boolean =>
  list === 'sex' && version === 1 && ['female', 'male'].includes(code);

describe('the structure of a questionnaire', () => {
  it('is right where every question is', () => {
    expect(structureFaults(questionnaire(item()), has)).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['something else', { resourceType: 'Patient' }, /no FHIR Questionnaire/],
    ['nothing', null, /no FHIR Questionnaire/],
    ['no questions', questionnaire(), /no questions/],
    ['no title', { ...questionnaire(item()), title: undefined }, /no title/],
    ['two questions of one name', questionnaire(item(), item()), /sex: another question has the same linkId/],
    ['a question without a name', questionnaire(item({ linkId: undefined })), /Question 1 has no linkId/],
    ['a name in capitals', questionnaire(item({ linkId: 'Sex' })), /Question 1 has no linkId/],
    ['no text', questionnaire(item({ text: '' })), /it has no text/],
    ['a type that is not known', questionnaire(item({ type: 'attachment' })), /its type is none of/],
    ['a choice of nothing', questionnaire(item({ answerOption: [] })), /offers nothing to choose/],
    ['a number with a choice', questionnaire(item({ type: 'integer' })), /is no choice/],
    [
      'a code twice',
      questionnaire(item({ answerOption: [coding('male'), coding('male')] })),
      /offers sex\/1 male twice/,
    ],
    ['a code of no list', questionnaire(item({ answerOption: [coding('unknown')] })), /sex\/1 unknown is in no list/],
    [
      'waiting for what nobody asked',
      questionnaire(
        item({ enableWhen: [{ question: 'age', operator: '=', answerCoding: coding('male').valueCoding }] }),
      ),
      /waits for an answer that no earlier question age offers/,
    ],
  ])('is not right with %s', (_, resource, fault) => {
    expect(structureFaults(resource, has).join('\n')).toMatch(fault);
  });
});
