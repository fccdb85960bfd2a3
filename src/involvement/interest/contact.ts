import { BadInput, Fault } from '../../kernel/errors/problem';
import { BlindIndex, normalEmail, normalPhone } from '../../kernel/privacy/blind-index';
import type { InterestPerson } from './interest.dto';

/** Refuses a person who could not be told what came of it, or could not be told apart from others. */
export function mustBeReachable(person: InterestPerson): void {
  const errors: Fault[] = [];
  if (person.email && normalEmail(person.email) === null)
    errors.push(fault('email', 'not_an_email', 'Send one e-mail address, such as name@example.org.'));
  if (person.phone && normalPhone(person.phone) === null)
    errors.push(fault('phone', 'not_a_phone', 'Send one telephone number, with + before a country code.'));
  const [needed, has] = NEEDED[person.replyBy](person);
  if (!has) errors.push(fault(needed, 'needed_to_reply', 'Give this: it is how the person wants to hear from you.'));
  if (errors.length > 0) throw new BadInput(errors);
}

/** What each way of being told needs, and whether it is there. */
const NEEDED: Record<InterestPerson['replyBy'], (person: InterestPerson) => [string, boolean]> = {
  email: (p) => ['email', Boolean(p.email)],
  phone: (p) => ['phone', Boolean(p.phone)],
  text: (p) => ['phone', Boolean(p.phone)],
  post: (p) => ['address', Boolean(p.address)],
  'in-person': (p) => ['phone', Boolean(p.phone ?? p.email ?? p.address ?? p.supporter)],
  supporter: (p) => ['supporter', Boolean(p.supporter)],
};

const fault = (field: string, code: string, message: string): Fault => ({
  in: 'body',
  at: `/person/${field}`,
  code,
  message,
});

/** By which the same person is found again: of the e-mail address, else of the telephone number; null where there is neither. */
export function contactDigest(index: BlindIndex, person: InterestPerson): Buffer | null {
  return (person.email ? index.email(person.email) : null) ?? (person.phone ? index.phone(person.phone) : null);
}

/** Whether what somebody gives as contact is one that this person gave. */
export function isContactOf(person: InterestPerson, given: string): boolean {
  const email = normalEmail(given);
  if (email !== null) return Boolean(person.email) && normalEmail(person.email ?? '') === email;
  const phone = normalPhone(given);
  return phone !== null && Boolean(person.phone) && normalPhone(person.phone ?? '') === phone;
}

/** Where a code can go at once: by e-mail, else by text. A letter would come after the code has run out. */
export function codeWay(person: InterestPerson): { by: 'email' | 'text'; to: string } | null {
  if (person.email) return { by: 'email', to: person.email };
  return person.phone ? { by: 'text', to: person.phone } : null;
}
