import { Contract } from '../support/contract';

const schema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, inner: { $ref: '#/components/schemas/Inner' } },
};
const document = {
  openapi: '3.1.0',
  info: { title: 't', version: '1' },
  paths: {
    '/things': { get: { responses: { '200': { description: 'ok', content: { 'application/json': { schema } } } } } },
  },
  components: { schemas: { Inner: { type: 'object', properties: { name: { type: 'string' } } } } },
};

describe('the contract that every answer in the tests is held against', () => {
  const contract = new Contract(document);
  const answer = (body: unknown, status = 200) => ({
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    text: JSON.stringify(body),
    body,
    request: { method: 'GET', url: 'http://service/things?x=1' },
  });

  it('lets through what is as documented', () => {
    expect(() => contract.check(answer({ id: 'a', inner: { name: 'b' } }))).not.toThrow();
  });

  it.each([
    ['a wrong type', { id: 1 }],
    ['a missing field', {}],
    ['a field that is not documented', { id: 'a', extra: true }],
    ['such a field further in', { id: 'a', inner: { name: 'b', extra: true } }],
  ])('refuses %s', (_, body) => {
    expect(() => contract.check(answer(body))).toThrow('not as documented');
  });

  it('refuses a status, an address or a failure that is not documented', () => {
    expect(() => contract.check(answer({ id: 'a' }, 201))).toThrow('does not name this status');
    expect(() =>
      contract.check({ ...answer({ id: 'a' }), request: { method: 'POST', url: 'http://service/things' } }),
    ).toThrow('no such operation');
    expect(() => contract.check(answer({}, 500))).toThrow('-> 500');
  });
});
