import { STATUS_CODES } from 'node:http';
import type { Problem } from './problem';

/** The body of every failure, RFC 9457 with our additions. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  traceId: string;
  errors?: { in: string; at: string; code: string; message: string }[];
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** `path` is the address without its query, which may hold personal data. */
export function problemBody(problem: Problem, path: string, traceId: string): ProblemBody {
  return {
    type: `urn:partnerships:problem:${problem.code}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    instance: path,
    code: problem.code,
    traceId,
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
}
