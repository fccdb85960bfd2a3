import type { FastifyRequest } from 'fastify';
import { BadInput, Fault, Problem } from '../errors/problem';
import { normal, textFault } from './input-text';

/** Characters of path and query together. */
export const LONGEST_ADDRESS = 8_000;
/** Parameters of one query. */
const MOST_PARAMETERS = 100;
const NEEDS_A_LOOK = /[^!-$&-~]/; // a percent sign or anything that is not printable ASCII

/** Refuses an address that is too long, badly encoded, or holds what no text may hold; leaves query and path values in NFC. */
export function checkAddress(request: FastifyRequest): void {
  const url = request.raw.url ?? '/';
  if (url.length > LONGEST_ADDRESS) {
    throw new Problem(
      414,
      'address_too_long',
      `Use an address of at most ${LONGEST_ADDRESS} characters; this one has ${url.length}.`,
    );
  }
  const query = url.indexOf('?');
  const looked = NEEDS_A_LOOK.test(url);
  if (looked) checkEncoding(query < 0 ? url : url.slice(query + 1), query < 0 ? 'path' : 'query');
  const faults: Fault[] = [];
  if (query >= 0) checkValues(request.query, 'query', faults);
  if (looked) checkValues(request.params, 'path', faults);
  if (faults.length > 0) throw new BadInput(faults);
}

function checkEncoding(text: string, where: 'path' | 'query'): void {
  try {
    decodeURIComponent(text);
  } catch {
    const culprit = where === 'query' ? text.split('&').find((pair) => !decodes(pair)) : undefined;
    throw badEncoding(where, culprit?.split('=')[0] ?? '');
  }
}

const decodes = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** 400: a `%` in the address that is not followed by two hexadecimal digits, or bytes that are not UTF-8. */
export const badEncoding = (where: 'path' | 'query', at: string): Problem =>
  new BadInput([
    {
      in: where,
      at,
      code: 'bad_encoding',
      message: 'Percent-encode this as UTF-8: a sequence after "%" is not valid.',
    },
  ]);

function checkValues(values: unknown, where: 'path' | 'query', faults: Fault[]): void {
  if (typeof values !== 'object' || values === null) return;
  const record = values as Record<string, unknown>;
  const names = Object.keys(record);
  if (names.length > MOST_PARAMETERS) {
    faults.push({
      in: where,
      at: '',
      code: 'too_many_parameters',
      message: `Send at most ${MOST_PARAMETERS} parameters.`,
    });
    return;
  }
  for (const name of names) {
    const wrong = textFault(name);
    if (wrong || name === '__proto__') {
      faults.push({
        in: where,
        at: normal(name),
        code: wrong?.code ?? 'forbidden_name',
        message: 'Remove the parameter with this name.',
      });
      continue;
    }
    const value = record[name];
    if (typeof value === 'string') record[name] = checkValue(value, where, name, faults);
    else if (Array.isArray(value))
      record[name] = value.map((one: unknown) =>
        typeof one === 'string' ? checkValue(one, where, name, faults) : one,
      );
  }
}

function checkValue(value: string, where: 'path' | 'query', at: string, faults: Fault[]): string {
  const wrong = textFault(value);
  if (wrong) faults.push({ in: where, at, ...wrong });
  return wrong ? value : normal(value);
}
