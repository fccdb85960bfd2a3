import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { theService } from '../kernel/access/actor';
import { Problem } from '../kernel/errors/problem';
import { newTraceId } from '../kernel/http/trace';
import { appoint, type Appointment } from '../people/account/appoint';
import { Role } from '../people/account/membership.entity';
import { explain } from '../stopper';
import { withDatabase } from './database';

const USAGE = `npm run appoint -- --issuer <iss> --subject <sub> --name <name> --organisation <slug> [--role <role>]

Gives a role to whoever the identity provider knows by that issuer and subject; the account is opened when it is not there.
Meant for the first national administrator (the default role), who appoints everybody else through the API.

Roles: ${Object.values(Role).join(', ')}`;

/** A mistake of the caller's, told in one line. */
class Misuse extends Error {}

const OPTIONS = {
  issuer: { type: 'string' },
  subject: { type: 'string' },
  name: { type: 'string' },
  organisation: { type: 'string' },
  role: { type: 'string', default: 'national-administrator' },
  help: { type: 'boolean' },
} as const;

function read(): Appointment | null {
  let values: { issuer?: string; subject?: string; name?: string; organisation?: string; role: string; help?: boolean };
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : USAGE);
  }
  if (values.help) return null;
  const needed = (name: 'issuer' | 'subject' | 'name' | 'organisation', most: number): string => {
    const value = values[name]?.trim();
    if (!value || value.length > most)
      throw new Misuse(`--${name} is ${value ? 'too long' : 'missing'}: give 1 to ${most} characters.`);
    return value;
  };
  const role = Object.values(Role).find((known) => known === values.role);
  if (!role) throw new Misuse(`--role is "${values.role}": give one of ${Object.values(Role).join(', ')}.`);
  return {
    issuer: needed('issuer', 500),
    subject: needed('subject', 255),
    name: needed('name', 200),
    organisation: needed('organisation', 80),
    role,
  };
}

async function run(): Promise<void> {
  const wanted = read();
  if (wanted === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const given = await withDatabase((db) => appoint(db, theService(newTraceId()), wanted));
  process.stdout.write(
    given
      ? `The role ${wanted.role} holds from the next request on.\n`
      : `The account has the role ${wanted.role} there already.\n`,
  );
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Misuse || error instanceof Problem ? error.message : explain(error)}\n`);
  process.exitCode = 1;
});
