/** One thing wrong with the input: where, a code for programs, and a sentence that says what to do. */
export interface Fault {
  /** The part of the request that it is about. */
  in: 'body' | 'query' | 'path' | 'header';
  /** JSON Pointer into the body (`/team/0/role`; '' is the whole body), or the name of the parameter or header. */
  at: string;
  /** For programs; in snake_case and stable. */
  code: string;
  /** For people: plain English that says what to do. */
  message: string;
}

interface More {
  errors?: Fault[];
  headers?: Record<string, string>;
  /** The technical cause, for the log only: it never reaches the answer. */
  cause?: unknown;
}

/**
 * A refusal that the caller can act on. The filter turns it into `application/problem+json`;
 * services throw these and never the framework's HTTP exceptions.
 */
export class Problem extends Error {
  readonly errors?: Fault[];
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    more: More = {},
  ) {
    super(detail, { cause: more.cause });
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** Most faults that one answer lists: an answer is not to be many times as long as what was sent. */
export const MOST_FAULTS = 100;

/** 400: the request is not well formed. One fault each, so that all can be mended at once. */
export class BadInput extends Problem {
  /** @param count how many faults there are, where only the first are given */
  constructor(errors: Fault[], count = errors.length) {
    const all = count > MOST_FAULTS ? `The first ${MOST_FAULTS} of ${count} faults are` : 'Each fault is';
    super(400, 'invalid_input', `Some of what you sent is not right. ${all} listed under "errors".`, {
      errors: errors.slice(0, MOST_FAULTS),
    });
  }
}

/** 401: nobody is signed in, or the credentials are not good. */
export class NotSignedIn extends Problem {
  constructor(code = 'not_signed_in', detail = 'Send a bearer token: this needs you to be signed in.') {
    const error = code === 'not_signed_in' ? '' : `, error="invalid_token"`;
    super(401, code, detail, { headers: { 'www-authenticate': `Bearer realm="partnerships"${error}` } });
  }
}

/** 403: signed in, but this kind of action is not open to any of the caller's roles. */
export class NotAllowed extends Problem {
  constructor(
    code = 'not_allowed',
    detail = 'None of your roles may do this. Ask an administrator of your organisation.',
  ) {
    super(403, code, detail);
  }
}

/** 404: it does not exist, or the caller may not know that it does. */
export class NotFound extends Problem {
  constructor(detail = 'There is nothing here, or you may not see it.') {
    super(404, 'not_found', detail);
  }
}

/** 409: what is asked does not fit the present state of things, or somebody else was first. */
export class Conflict extends Problem {
  constructor(code: string, detail: string, errors?: Fault[]) {
    super(409, code, detail, { errors });
  }
}

/** 412: the record has changed since the caller read it. */
export class Stale extends Problem {
  constructor(
    detail = 'This record has changed since you read it. Read it again, then send your change with its new ETag.',
  ) {
    super(412, 'stale_version', detail);
  }
}

/** 422: well formed, but a rule of the service forbids it. */
export class Refused extends Problem {
  constructor(code: string, detail: string, errors?: Fault[]) {
    super(422, code, detail, { errors });
  }
}

/** 503: the service cannot answer now; trying again later is right. */
export class Unavailable extends Problem {
  constructor(detail: string, retryAfterSeconds = 2, cause?: unknown) {
    super(503, 'unavailable', detail, { headers: { 'retry-after': String(retryAfterSeconds) }, cause });
  }
}
