import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config';

export type Log = Logger;

/** Names of members whose values never reach a log, at the top of a line or one level down. */
const SECRET = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'password',
  'token',
  'secret',
  'key',
  'body',
  'query',
];
const REDACTED = SECRET.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]);

/**
 * The service's log: one JSON object a line. Whoever writes a line about a request names its trace id; following it through every
 * promise instead (AsyncLocalStorage) took an eighth of all that a read costs.
 */
export function makeLog(level: LogLevel, destination?: DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: { service: 'public-partnerships-api' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[removed]' },
    serializers: { err: describeError, error: describeError },
  };
  // Written as fast as it can be taken, in larger pieces under load, and to the last line when the process exits.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: false }));
}

/** The same log for lines made only of fields that we name ourselves: looking for secrets in each would cost more than writing it. */
export const plainLog = (log: Log): Log => log.child({}, { redact: [] });

interface LoggedError {
  type: string;
  message: string;
  code?: string;
  constraint?: string;
  stack?: string[];
  cause?: LoggedError;
}

/**
 * An error without what it may quote. PostgreSQL puts the values of a row into its message and detail, so of its errors only the
 * code, the constraint and the place remain.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is not an error was thrown' };
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  const ofDatabase = 'severity' in error || 'routine' in error || error.name === 'QueryFailedError';
  return {
    type: error.name,
    message: ofDatabase ? `the database refused a statement (${String(code)})` : error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    stack: placesOf(error.stack),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

const placesOf = (stack = ''): string[] =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());

/** Sends what Nest itself logs to the service's log. Its talk while starting is for debugging only. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const line = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(message instanceof Error ? { err: message } : {}),
    };
    this.target[level](line, message instanceof Error ? 'failed' : String(message));
  }
}
