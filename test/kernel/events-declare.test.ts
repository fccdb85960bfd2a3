import { checkedEvent, declaredEvent, eventType, eventTypes } from '../../src/kernel/events/declare';
import { eventsMarkdown } from '../../src/kernel/events/markdown';

const opened = eventType({
  type: 'door.opened',
  subject: 'door',
  public: true,
  means: 'A door was opened.',
  data: { keyId: 'The key | that was used.' },
});
const shut = eventType({ type: 'door.shut', subject: 'door', public: false, means: 'A door was shut.' });

it('knows what was declared, by name', () => {
  expect(eventTypes()).toEqual([opened, shut]);
  expect(declaredEvent('door.opened')).toBe(opened);
});

it('refuses what was not, what is declared twice, and names that are not subject and past tense', () => {
  expect(() => declaredEvent('door.painted')).toThrow('Event type door.painted is not declared');
  expect(() => eventType({ type: 'door.shut', subject: 'door', public: false, means: 'Again.' })).toThrow(
    'declared twice',
  );
  for (const type of ['door', 'Door.shut', 'door shut', 'door.', '.shut']) {
    expect(() => eventType({ type, subject: 'door', public: false, means: 'Wrong.' })).toThrow('not written');
  }
});

it.each([
  [{ type: 'door.opened', subject: 'window', version: 1 }, 'about a door, not a window'],
  [{ type: 'door.opened', subject: 'door', version: 0 }, 'needs the record'],
  [{ type: 'door.opened', subject: 'door', version: 1.5 }, 'needs the record'],
  [{ type: 'door.opened', subject: 'door', version: 1, data: { by: 'Ada' } }, 'no data called by'],
  [{ type: 'door.shut', subject: 'door', version: 1, data: { constructor: 1 } }, 'no data called constructor'],
])('refuses %j', (event, message) => {
  expect(() => checkedEvent(event)).toThrow(message);
});

it('takes an event that is true to its declaration', () => {
  expect(checkedEvent({ type: 'door.opened', subject: 'door', version: 3, data: { keyId: 'k' } })).toBe(opened);
});

it('writes the page on events', () => {
  const page = eventsMarkdown();
  expect(page).toMatch(/^# Events\n\n/);
  expect(page).toContain(
    '## door.opened\n\nA door was opened.\n\nAbout a `door`. May be seen by anybody.\n\n| Data | What it holds |',
  );
  expect(page).toContain('| `keyId` | The key \\| that was used. |');
  expect(page).toContain(
    '## door.shut\n\nA door was shut.\n\nAbout a `door`. May be seen by those who may read the record.\n\nNo data of its own.\n',
  );
  expect(page.indexOf('door.opened')).toBeLessThan(page.indexOf('door.shut'));
});
