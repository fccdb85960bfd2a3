import { Client } from 'pg';

type Query = (this: Client, ...given: unknown[]) => unknown;

const MARK = 'f0f0f0f0';
let calls = 0;

/** A header that marks a call as one whose writes are to be taken back. */
export function undone(): { traceparent: string } {
  const count = (++calls).toString(16).padStart(32 - MARK.length, '0');
  return { traceparent: `00-${MARK}${count}-00f067aa0ba902b7-01` };
}

/**
 * From now on, the transaction of a marked call is carried out to its end, what was put off till then is checked, and it is then
 * rolled back instead of committed: the application answers as always, and everything stays as it was.
 * @returns gives the driver its own way back
 */
export function undoMarkedCalls(): () => void {
  const original = Reflect.get(Client.prototype, 'query') as Query;
  const marked = new WeakSet<Client>();
  const query: Query = function (this: Client, ...given) {
    const text = typeof given[0] === 'string' ? given[0] : '';
    if (text.startsWith('BEGIN') && text.includes(`partnerships ${MARK}`)) marked.add(this);
    else if (text === 'ROLLBACK') marked.delete(this);
    else if (text === 'COMMIT' && marked.delete(this))
      return Promise.resolve(original.call(this, 'SET CONSTRAINTS ALL IMMEDIATE')).then(() =>
        original.call(this, 'ROLLBACK'),
      );
    return original.apply(this, given);
  };
  Reflect.set(Client.prototype, 'query', query);
  return () => void Reflect.set(Client.prototype, 'query', original);
}
