import { whomToAsk } from './notice-contact';

const ways = [
  { way: 'online', detail: 'Use the form, or mail forms@example.org.' },
  { way: 'phone', detail: 'Ring 01632 960121 on weekdays between 10am and 4pm.' },
  { way: 'email', detail: 'Write to <get.involved@example.org>.' },
] as const;

describe('whom to ask', () => {
  it('is the contact of the opportunity', () => {
    expect(whomToAsk({ name: 'Tobi Adeyemi', phone: '01632 960999' }, ways, 'Network')).toEqual({
      name: 'Tobi Adeyemi',
      email: null,
      phone: '01632 960999',
    });
  });

  it('is else the organisation, by the number and the address in the ways to apply', () => {
    const found = { email: 'get.involved@example.org', phone: '01632 960121' };
    expect(whomToAsk(null, ways, 'Network')).toEqual({ name: 'Network', ...found });
    expect(whomToAsk({ name: 'Tobi Adeyemi' }, ways, 'Network')).toEqual({ name: 'Tobi Adeyemi', ...found });
  });

  it('takes no time of day and no year for a number', () => {
    const detail = 'Come between 10:00 and 16:00 on 12 December 2026, room 4.';
    expect(whomToAsk(null, [{ way: 'in-person', detail }], 'Network')).toEqual({
      name: 'Network',
      email: null,
      phone: null,
    });
  });

  it.each(['+44 1632 960121', '(01632) 960-121', '07700900777'])('finds %s', (phone) => {
    expect(whomToAsk(null, [{ way: 'phone', detail: `Ring ${phone}, any day.` }], 'N').phone).toBe(phone);
  });
});
