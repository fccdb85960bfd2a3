import type { WayToApply } from '../opportunity/opportunity-parts';
import type { NoticeFacts } from './notice-words';

/** Whom an opportunity names for questions. */
export interface Contact {
  name: string;
  email?: string | null;
  phone?: string | null;
}

/** A telephone number in a sentence: 7 to 15 digits, with spaces, hyphens or brackets. */
const PHONE = /\+?\(?\d(?:[ ()-]{0,2}\d){6,14}/;
const EMAIL = /[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[a-z]{2,}/i;

/**
 * Whom to ask: the contact of the opportunity. Where it names none, or one without number and address, what the ways to apply say;
 * where they say none either, the organisation by its name.
 */
export function whomToAsk(
  contact: Contact | null,
  ways: readonly Pick<WayToApply, 'way' | 'detail'>[],
  organisation: string,
): NoticeFacts['ask'] {
  const name = contact?.name ?? organisation;
  const { email = null, phone = null } = contact ?? {};
  if (email || phone) return { name, email, phone };
  return { name, email: firstIn(ways, 'email', EMAIL), phone: firstIn(ways, 'phone', PHONE) };
}

/** What the pattern finds first: in the ways that are of this kind, then in the others. */
function firstIn(ways: readonly Pick<WayToApply, 'way' | 'detail'>[], kind: string, pattern: RegExp): string | null {
  const sorted = [...ways.filter(({ way }) => way === kind), ...ways.filter(({ way }) => way !== kind)];
  for (const { detail } of sorted) {
    const [found] = pattern.exec(detail) ?? [];
    if (found) return found;
  }
  return null;
}
