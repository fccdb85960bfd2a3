import type { ReferenceCodeList, ReferenceQuestion, ReferenceQuestionnaire } from '../reference/shapes';

/** The parts of a FHIR R4 Questionnaire that are used here (hl7.org/fhir/R4/questionnaire.html). */
export interface FhirQuestionnaire {
  resourceType: 'Questionnaire';
  id: string;
  url: string;
  version: string;
  name: string;
  title: string;
  description: string;
  status: 'active';
  date: string;
  subjectType: ['Person'];
  item: FhirItem[];
}
export interface FhirItem {
  linkId: string;
  text: string;
  type: 'choice' | 'integer' | 'string';
  required: false;
  repeats?: boolean;
  maxLength?: number;
  enableWhen?: { question: string; operator: '='; answerCoding: FhirCoding }[];
  answerOption?: { valueCoding: FhirCoding }[];
}
export interface FhirCoding {
  system: string;
  version: string;
  code: string;
  display?: string;
  _display?: { extension: FhirTranslation[] };
}
interface FhirTranslation {
  url: 'http://hl7.org/fhir/StructureDefinition/translation';
  extension: [{ url: 'lang'; valueCode: 'cy' }, { url: 'content'; valueString: string }];
}

const LIST = 'urn:public-partnerships:code-list:';

/** How a code list is named in FHIR, and back. */
export const systemOf = (list: string): string => `${LIST}${list}`;
export const listOf = (system: string): string => system.slice(LIST.length);

/** The name by which files here call a version of a list. */
export const listName = ({ key, version }: { key: string; version: number }): string => `${key}/${version}`;

/** The FHIR resource of a questionnaire, its codes written out from their lists. Lists are found by `key/version`. */
export function toFhir(q: ReferenceQuestionnaire, lists: ReadonlyMap<string, ReferenceCodeList>): FhirQuestionnaire {
  return {
    resourceType: 'Questionnaire',
    id: `${q.key}-${q.version}`,
    url: `urn:public-partnerships:questionnaire:${q.key}`,
    version: String(q.version),
    name: q.key.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    title: q.title,
    description: q.description,
    status: 'active',
    date: q.date,
    subjectType: ['Person'],
    item: q.questions.map((question) => itemOf(question, lists)),
  };
}

function itemOf(question: ReferenceQuestion, lists: ReadonlyMap<string, ReferenceCodeList>): FhirItem {
  const { linkId, text, type, repeats, maxLength, when } = question;
  const options = (question.lists ?? []).flatMap((name) => {
    const list = lists.get(name);
    if (!list) throw new Error(`${linkId} names the list ${name}, which there is not`);
    return list.codes.map((code) => ({
      valueCoding: {
        system: systemOf(list.key),
        version: String(list.version),
        code: code.code,
        display: code.label,
        ...(code.welshLabel === undefined ? {} : { _display: { extension: [welsh(code.welshLabel)] } }),
      },
    }));
  });
  return {
    ...{ linkId, text, type, required: false },
    ...(repeats ? { repeats } : {}),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(when
      ? { enableWhen: [{ question: when.question, operator: '=', answerCoding: codingOf(when.list, when.code) }] }
      : {}),
    ...(options.length > 0 ? { answerOption: options } : {}),
  };
}

const welsh = (content: string): FhirTranslation => ({
  url: 'http://hl7.org/fhir/StructureDefinition/translation',
  extension: [
    { url: 'lang', valueCode: 'cy' },
    { url: 'content', valueString: content },
  ],
});

function codingOf(list: string, code: string): FhirCoding {
  const [key = '', version = ''] = list.split('/');
  return { system: systemOf(key), version, code };
}
