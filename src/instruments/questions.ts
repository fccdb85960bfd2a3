import type { Query } from '../kernel/privacy/query';
import { listOf, type FhirQuestionnaire } from './questionnaire/fhir';

/** What can be chosen as an answer. */
export interface OfferedCode {
  /** List and version, such as `ethnic-background/1`. */
  list: string;
  code: string;
  /** It says that the person prefers not to say. */
  unknown: boolean;
  /** It cannot be chosen together with others. */
  alone: boolean;
}

/** One question of a questionnaire. */
export interface Question {
  linkId: string;
  type: 'choice' | 'integer' | 'string';
  /** Whether several codes may be chosen. */
  repeats: boolean;
  offers: readonly OfferedCode[];
  /** Asked only where this question was answered with this code. */
  when: { question: string; code: string } | null;
}

/** A version of a questionnaire, as those who take answers to it need it; null where there is none. */
export async function questionnaireOf(q: Query, key: string, version: number): Promise<readonly Question[] | null> {
  const [found] = await q.query<{ resource: FhirQuestionnaire; codes: OfferedCode[] }>(
    `SELECT r.resource, (SELECT coalesce(jsonb_agg(jsonb_build_object('list', c.list || '/' || c.list_version, 'code', c.code,
         'unknown', c.unknown, 'alone', c.alone)), '[]') FROM instruments.code c WHERE c.unknown OR c.alone) AS codes
     FROM instruments.questionnaire r WHERE r.key = $1 AND r.version = $2`,
    [key, version],
  );
  if (!found) return null;
  const special = new Map(found.codes.map((code) => [`${code.list} ${code.code}`, code]));
  return found.resource.item.map(({ linkId, type, repeats = false, answerOption = [], enableWhen = [] }) => ({
    ...{ linkId, type, repeats },
    offers: answerOption.map(({ valueCoding: { system, version: listVersion, code } }) => {
      const list = `${listOf(system)}/${listVersion}`;
      return special.get(`${list} ${code}`) ?? { list, code, unknown: false, alone: false };
    }),
    when: enableWhen[0] ? { question: enableWhen[0].question, code: enableWhen[0].answerCoding.code } : null,
  }));
}

/** What a code is in another list (`key/version`); null where it cannot be mapped. Throws where nobody has said. */
export async function mapped(q: Query, from: string, code: string, to: string): Promise<string | null> {
  const [fromList, fromVersion] = from.split('/');
  const [toList, toVersion] = to.split('/');
  const [found] = await q.query<{ to_code: string | null }>(
    `SELECT to_code FROM instruments.mapping
     WHERE from_list = $1 AND from_version = $2::integer AND from_code = $3 AND to_list = $4 AND to_version = $5::integer`,
    [fromList, fromVersion, code, toList, toVersion],
  );
  if (!found) throw new Error(`Nobody has said what a code of ${from} is in ${to}`);
  return found.to_code;
}

/** The codes of a list (`key/version`) with their labels; none where there is no such list. */
export async function codesOf(q: Query, list: string): Promise<{ code: string; label: string }[]> {
  const [key, version] = list.split('/');
  return q.query<{ code: string; label: string }>(
    'SELECT code, label FROM instruments.code WHERE list = $1 AND list_version = $2::integer ORDER BY place',
    [key, version],
  );
}
