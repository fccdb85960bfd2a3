import { describeError, makeLog, NestLog } from './log';

function kept(): { log: ReturnType<typeof makeLog>; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  return {
    lines,
    log: makeLog('info', { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) }),
  };
}

describe('the log', () => {
  it('removes secrets wherever a line holds them', () => {
    const { log, lines } = kept();
    log.info(
      {
        authorization: 'Bearer x',
        token: 'x',
        request: { headers: { cookie: 'x' }, body: 'x' },
        call: { query: 'x', 'x-api-key': 'x' },
      },
      'line',
    );
    const gone = '[removed]';
    expect(lines).toMatchObject([
      {
        authorization: gone,
        token: gone,
        request: { headers: { cookie: gone }, body: gone },
        call: { query: gone, 'x-api-key': gone },
      },
    ]);
  });

  it('keeps the talk of the framework for debugging, and its warnings', () => {
    const { log, lines } = kept();
    const nest = new NestLog(log);
    nest.log('mapped a route', 'Router');
    nest.warn('look here', 'Router');
    nest.error(new Error('broke'), 'Router');
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'look here', context: 'Router' },
      { level: 'error', err: { message: 'broke' } },
    ]);
  });
});

describe('an error in the log', () => {
  it('does not quote what the database quoted', () => {
    const error = Object.assign(new Error('duplicate key value: Anne'), {
      ...{
        severity: 'ERROR',
        code: '23505',
        constraint: 'contact_once',
        detail: 'Key (email)=(anne@example.org) already exists.',
      },
    });
    const described = describeError(new Error('could not save', { cause: error }));
    expect(described).toMatchObject({
      message: 'could not save',
      cause: { code: '23505', constraint: 'contact_once' },
    });
    expect(JSON.stringify(described)).not.toMatch(/Anne|anne@/);
  });

  it('stands for whatever was thrown', () => {
    expect(describeError('personal text')).toEqual({
      type: 'string',
      message: 'something that is not an error was thrown',
    });
  });
});
