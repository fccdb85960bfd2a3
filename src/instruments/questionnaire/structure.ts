import { listOf, type FhirCoding, type FhirItem } from './fhir';

const TYPES = new Set(['choice', 'integer', 'string']);
const LINK_ID = /^[a-z][a-z0-9-]{0,79}$/;

/**
 * What is wrong with the structure of a questionnaire, in plain English; empty where nothing is. Checked before one is stored: each
 * question has a name of its own, a text and a known type; a choice offers codes, each once and each of a list that has it; and what a
 * question waits for is an earlier question that offers that answer.
 * @param resource anything that was read as JSON
 * @param has whether a version of a list has a code
 */
export function structureFaults(
  resource: unknown,
  has: (list: string, version: number, code: string) => boolean,
): string[] {
  if (!isRecord(resource) || resource.resourceType !== 'Questionnaire') return ['This is no FHIR Questionnaire.'];
  const faults: string[] = [];
  if (!Array.isArray(resource.item) || resource.item.length === 0) return ['It has no questions.'];
  for (const name of ['url', 'version', 'title', 'status'])
    if (typeof resource[name] !== 'string') faults.push(`It has no ${name}.`);
  const items = resource.item as unknown[];
  const known = new Map<string, FhirItem>();
  for (const [place, item] of items.entries()) {
    if (!isRecord(item) || typeof item.linkId !== 'string' || !LINK_ID.test(item.linkId)) {
      faults.push(`Question ${place + 1} has no linkId of small letters, digits and hyphens.`);
      continue;
    }
    const question = item as unknown;
    faults.push(...itemFaults(question as FhirItem, known, has).map((fault) => `${String(item.linkId)}: ${fault}`));
    known.set(item.linkId, question as FhirItem);
  }
  return faults;
}

function itemFaults(
  item: FhirItem,
  known: ReadonlyMap<string, FhirItem>,
  has: (list: string, version: number, code: string) => boolean,
): string[] {
  const faults: string[] = [];
  const options = item.answerOption ?? [];
  if (known.has(item.linkId)) faults.push('another question has the same linkId.');
  if (typeof item.text !== 'string' || item.text === '') faults.push('it has no text.');
  if (!TYPES.has(item.type)) faults.push(`its type is none of ${[...TYPES].join(', ')}.`);
  if (item.type === 'choice' && options.length === 0) faults.push('it is a choice and offers nothing to choose.');
  if (item.type !== 'choice' && options.length > 0) faults.push('it offers something to choose and is no choice.');
  const seen = new Set<string>();
  for (const { valueCoding } of options) {
    const name = nameOf(valueCoding);
    if (seen.has(name)) faults.push(`it offers ${name} twice.`);
    seen.add(name);
    if (!has(listOf(valueCoding.system), Number(valueCoding.version), valueCoding.code))
      faults.push(`${name} is in no list.`);
  }
  for (const { question, answerCoding } of item.enableWhen ?? []) {
    const offered = (known.get(question)?.answerOption ?? []).map((option) => nameOf(option.valueCoding));
    if (!offered.includes(nameOf(answerCoding)))
      faults.push(`it waits for an answer that no earlier question ${question} offers.`);
  }
  return faults;
}

const nameOf = ({ system, version, code }: FhirCoding): string => `${listOf(system)}/${version} ${code}`;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
