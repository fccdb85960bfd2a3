import { Agent, request as ask } from 'node:http';

/** One call exactly as it is to go over the wire: nothing is added, corrected or decoded. */
export interface Call {
  method: string;
  /** Path and query as they are to be sent. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What came back, in the form that the contract check reads. */
export interface Heard {
  status: number;
  headers: Record<string, string>;
  text: string;
  body: unknown;
  request: { method: string; url: string };
}

const LONGEST_WAIT_MS = 20_000;

/** Sends calls over kept connections to one address. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(private readonly address: string) {}

  send({ method, path, headers = {}, body }: Call): Promise<Heard> {
    const { hostname, port } = new URL(this.address);
    const sent = body === undefined ? headers : { 'content-length': String(Buffer.byteLength(body)), ...headers };
    return new Promise((resolve, reject) => {
      const call = ask(
        { hostname, port, method, path, headers: sent, agent: this.agent, timeout: LONGEST_WAIT_MS },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            const said = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
            const heard = Object.fromEntries(said);
            const url = `${this.address}${path.startsWith('/') ? path : '/'}`;
            resolve({
              status: answer.statusCode ?? 0,
              headers: heard,
              text,
              body: read(heard['content-type'], text),
              request: { method, url },
            });
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in ${LONGEST_WAIT_MS} ms`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function read(type: string | undefined, text: string): unknown {
  if (!type?.includes('json') || text === '') return undefined;
  return JSON.parse(text) as unknown;
}
