import { eventType } from '../kernel/events/declare';

// Organisations. Those of verified organisations are public: sites show them.
const kind = { kind: 'Kind of the organisation.' };
eventType({
  type: 'organisation.added',
  subject: 'organisation',
  public: true,
  means: 'An organisation was added to the register.',
  data: kind,
});
eventType({
  type: 'organisation.changed',
  subject: 'organisation',
  public: true,
  means: 'Details or settings of a verified organisation changed.',
  data: { ...kind, fields: 'Names of the fields that changed; absent where new details came with the service.' },
});
eventType({
  type: 'organisation.verified',
  subject: 'organisation',
  public: true,
  means: 'An organisation that had applied was verified, and counts from now on.',
  data: kind,
});
eventType({
  type: 'organisation.applied',
  subject: 'organisation',
  public: false,
  means: 'Somebody applied for an organisation that is not listed.',
  data: kind,
});
eventType({
  type: 'organisation.refused',
  subject: 'organisation',
  public: false,
  means: 'An application for an organisation was refused.',
  data: kind,
});

// Accounts, roles and keys
eventType({
  type: 'account.opened',
  subject: 'account',
  public: false,
  means: 'Somebody, or a system, signed in for the first time and opened an account.',
  data: { kind: 'Person or system.' },
});
eventType({
  type: 'membership.given',
  subject: 'membership',
  public: false,
  means: 'An account was given a role in an organisation.',
  data: { role: 'The role.', from: 'First day.', until: 'First day on which it no longer holds, or null.' },
});
eventType({
  type: 'membership.ended',
  subject: 'membership',
  public: false,
  means: 'A role of an account in an organisation was ended.',
  data: { role: 'The role.', until: 'First day on which it no longer holds.' },
});
eventType({ type: 'api-key.made', subject: 'api_key', public: false, means: 'An organisation made an API key.' });
eventType({
  type: 'api-key.revoked',
  subject: 'api_key',
  public: false,
  means: 'An API key was revoked and no longer works.',
});
