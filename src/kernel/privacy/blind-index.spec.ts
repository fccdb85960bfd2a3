import { BlindIndex, normalEmail, normalPhone } from './blind-index';

describe('blind index', () => {
  const index = new BlindIndex('a secret of the service', 'contact-point');

  it.each([
    [' Ada.Lovelace@Example.ORG ', 'ada.lovelace@example.org'],
    ['ada+panel@example.org', 'ada+panel@example.org'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['no address', null],
    ['@example.org', null],
    ['ada@', null],
    ['a da@example.org', null],
  ])('reads the e-mail address %j as %j', (written, normal) => expect(normalEmail(written)).toBe(normal));

  it.each([
    ['020 7946 0018', '+442079460018'],
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['0044 20-7946-0018', '+442079460018'],
    ['+44 020 7946 0018', '+442079460018'],
    ['+353 1 555 0100', '+35315550100'],
    ['12345', null],
    ['ring after six', null],
  ])('reads the telephone number %j as %j', (written, normal) => expect(normalPhone(written)).toBe(normal));

  it('matches two ways of writing one contact point, and no other', () => {
    expect(index.email('Ada@example.org')).toEqual(index.email(' ada@EXAMPLE.org'));
    expect(index.phone('020 7946 0018')).toEqual(index.phone('+44 20 7946 0018'));
    expect(index.email('ada@example.org')).not.toEqual(index.email('bea@example.org'));
    expect(index.email('nothing')).toBeNull();
  });

  it('gives nothing away between kinds and secrets', () => {
    const email = index.email('ada@example.org');
    expect(new BlindIndex('a secret of the service', 'guardian').email('ada@example.org')).not.toEqual(email);
    expect(new BlindIndex('another secret', 'contact-point').email('ada@example.org')).not.toEqual(email);
    expect(email).toHaveLength(32);
  });
});
