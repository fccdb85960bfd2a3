import { DemonstrationAnswers } from '../../src/edi/demonstration/own-answers';
import { Demonstration } from '../../src/involvement/demonstration/demonstration';
import { fixedId } from '../../src/people';
import { startApp, type TestApp } from '../support/app';
import { Answers } from './answers-support';

let t: TestApp;
let a: Answers;
beforeAll(async () => {
  t = await startApp();
  a = await Answers.of(t);
  await t.app.get(Demonstration, { strict: false }).load();
  await t.app.get(DemonstrationAnswers, { strict: false }).load();
});
afterAll(() => t.stop());

describe('the demonstration', () => {
  it('has answers of most contributors, all of codes that there are, and one objection', async () => {
    expect(await a.count('edi_answers.answer_set')).toBe(31);
    expect(await a.rows({ id: fixedId('contributor', 'joan-pattinson') })).toMatchObject([
      { year_of_birth: 1949, ethnic_group: 'white', disability: 'limited-a-little', region: 'E12000001' },
    ]);
    expect(await a.objections({ id: fixedId('contributor', 'robin-ackroyd') })).toBe(1);
    for (const [column, list] of LISTS)
      expect(
        await a.count(
          `edi_answers.answer_set s WHERE s.${column} IS NOT NULL
             AND NOT EXISTS (SELECT FROM instruments.code c WHERE c.list = '${list}' AND c.code = s.${column})`,
        ),
      ).toBe(0);
  });

  it('may be begun again', async () => {
    await t.app.get(DemonstrationAnswers, { strict: false }).load();
    expect(await a.count('edi_answers.answer_set')).toBe(31);
  });
});

const LISTS = [
  ...[
    ['sex', 'sex'],
    ['gender_identity', 'gender-identity'],
    ['ethnic_group', 'ethnic-group'],
  ],
  ...[
    ['ethnic_background', 'ethnic-background'],
    ['religion', 'religion'],
    ['unpaid_care', 'unpaid-care'],
  ],
  ...[
    ['sexual_orientation', 'sexual-orientation'],
    ['socio_economic_background', 'socio-economic-background'],
  ],
  ...[
    ['region', 'area'],
    ['main_language', 'main-language'],
    ['disability', 'disability'],
  ],
] as const;
