import { request as httpRequest, IncomingHttpHeaders } from 'node:http';
import { connect, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import {
  Controller,
  Body,
  Get,
  Global,
  Injectable,
  Module,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
  Type,
} from '@nestjs/common';
import type { CanActivate, DynamicModule, ExecutionContext } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiOperation, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, SignedIn } from '../../src/kernel/access/access';
import { Actor, anonymous } from '../../src/kernel/access/actor';
import { Clock } from '../../src/kernel/clock';
import { Config, CONFIG } from '../../src/kernel/config';
import { Db } from '../../src/kernel/db/db';
import { Doors } from '../../src/kernel/db/door';
import { Text } from '../../src/kernel/db/fields';
import { NotSignedIn } from '../../src/kernel/errors/problem';
import { ProblemFilter } from '../../src/kernel/errors/problem.filter';
import { InputPipe } from '../../src/kernel/errors/validation';
import { EventHead } from '../../src/kernel/events/head';
import { EventSignal } from '../../src/kernel/events/signal';
import { Idempotency } from '../../src/kernel/http/idempotency';
import { Deprecated } from '../../src/kernel/http/deprecation';
import { HttpModule } from '../../src/kernel/http/http.module';
import { fastifyOptions, installManners } from '../../src/kernel/http/manners';
import { Format } from '../../src/kernel/http/negotiation';
import { BodyLimit, Consumes, Produces } from '../../src/kernel/http/route-catalogue';
import { ApiDocument } from '../../src/kernel/http/version.controller';
import { makeLog, NestLog } from '../../src/kernel/log';

/** An application of its own: the kernel's HTTP manners, a few routes that need each of them, and a stand-in for the identity provider. */
export interface HttpApp {
  app: NestFastifyApplication;
  port: number;
  log: Record<string, unknown>[];
  probe: Probe;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}
export interface CallOptions {
  headers?: Record<string, string>;
  body?: string | Buffer;
  json?: unknown;
}
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown> & { errors?: { in: string; at: string; code: string }[]; code?: string };
}

class Note {
  @Text(100, 'A text')
  text: string;
}
class Search {
  @Text(50, 'Words', { optional: true })
  q?: string;
}

/** Lets a test hold a request open, without waiting for time to pass. */
@Injectable()
export class Probe {
  private arrivals: (() => void)[] = [];
  private release: () => void = () => undefined;
  private held = new Promise<void>((resolve) => (this.release = resolve));
  /** Resolves when the slow route has been reached. */
  readonly reached = new Promise<void>((resolve) => this.arrivals.push(resolve));

  async hold(): Promise<void> {
    this.arrivals.splice(0).forEach((tell) => tell());
    await this.held;
  }

  letGo(): void {
    this.release();
  }
}

@Controller('v1/notes')
class NoteController {
  constructor(
    private readonly probe: Probe,
    private readonly db: Db,
  ) {}

  @Get('database')
  @SignedIn()
  async database(): Promise<object> {
    const [row] = await this.db.query<{ one: number }>('SELECT 1 AS one');
    return { one: row?.one };
  }

  @Get()
  @Public()
  list(@Query() query: Search): { q: string | null } {
    return { q: query.q ?? null };
  }

  @Get('table')
  @Public()
  @Produces('application/json', 'text/csv')
  table(@Format() format: string, @Res({ passthrough: true }) reply: FastifyReply): unknown {
    if (format === 'text/csv') {
      void reply.type('text/csv; charset=utf-8');
      return 'a,b\r\n';
    }
    return { a: 1 };
  }

  @Get('old')
  @Public()
  @ApiOperation({ summary: 'An old way' })
  @Deprecated('2026-01-15', '2026-07-15')
  old(): object {
    return { old: true };
  }

  @Get('kept')
  @Public()
  kept(@Res({ passthrough: true }) reply: FastifyReply): object {
    void reply.header('cache-control', 'public, max-age=1');
    return { kept: true };
  }

  @Get('own-table')
  @SignedIn()
  @Produces('application/json', 'text/csv')
  ownTable(): object {
    return { a: 1 };
  }

  @Get('slow')
  @SignedIn()
  async slow(): Promise<object> {
    await this.probe.hold();
    return { done: true };
  }

  @Get('broken')
  @SignedIn()
  broken(): never {
    throw new Error('secret detail of the driver');
  }

  @Get(':name')
  @SignedIn()
  one(@Param('name') name: string): { name: string } {
    return { name };
  }

  @Post()
  @SignedIn()
  add(@Body() note: Note): { text: string; length: number } {
    return { text: note.text, length: note.text.length };
  }

  @Post('open')
  @Public()
  open(@Body() note: Note): Note {
    return note;
  }

  @Post('free')
  @SignedIn()
  free(@Body() body: object): object {
    return { body };
  }

  @Post('action')
  @SignedIn()
  action(): object {
    return { done: true };
  }

  @Post('large')
  @SignedIn()
  @BodyLimit(2 * 1024 * 1024)
  large(@Body() body: object): object {
    return { characters: JSON.stringify(body).length };
  }

  @Post('import')
  @SignedIn()
  @Consumes('text/csv')
  import(@Body() csv: string): object {
    return { csv };
  }

  @Put(':name')
  @SignedIn()
  put(@Param('name') name: string, @Body() note: Note): object {
    return { name, ...note };
  }

  @Patch(':name')
  @SignedIn()
  patch(@Param('name') name: string, @Body() note: Note): object {
    return { name, ...note };
  }
}

/** Stands for the identity provider: `Bearer <account>` is that account, and `Bearer bad` is refused. */
@Injectable()
class StandInGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const account = request.headers.authorization?.replace('Bearer ', '');
    if (account === 'bad')
      throw new NotSignedIn('invalid_token', 'The credentials are not ones that this service accepts.');
    request.actor = account ? signedIn(account, request.traceId) : anonymous(request.traceId, 'address:x');
    return true;
  }
}

const signedIn = (account: string, traceId: string): Actor =>
  new Actor({
    ...{ kind: 'person', accountId: account, contributorId: null, key: `account:${account}` },
    ...{ roles: [], memberships: [], reaches: new Map(), traceId },
  });

@Global()
@Module({})
class GroundModule {
  static with(config: Pick<Config, 'rateLimits' | 'trustProxy'>): DynamicModule {
    const ground: Type<unknown>[] = [Clock, EventSignal, EventHead, Db, Doors];
    return {
      module: GroundModule,
      providers: [...ground, { provide: CONFIG, useValue: config }],
      exports: [...ground, CONFIG],
    };
  }
}

@Module({})
class TestModule {
  static with(databaseUrl: string, config: Pick<Config, 'rateLimits' | 'trustProxy'>): DynamicModule {
    return {
      module: TestModule,
      imports: [
        TypeOrmModule.forRoot({
          ...{ type: 'postgres', url: databaseUrl, retryAttempts: 0, installExtensions: false, poolSize: 5 },
          extra: { connectionTimeoutMillis: 500 },
        }),
        GroundModule.with(config),
        HttpModule,
      ],
      controllers: [NoteController],
      providers: [
        Probe,
        Idempotency,
        { provide: APP_GUARD, useClass: StandInGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

export async function startHttpApp(
  databaseUrl: string,
  rateLimits = { public: 100_000, key: 100_000, signedIn: 100_000 },
): Promise<HttpApp> {
  const lines: Record<string, unknown>[] = [];
  const log = makeLog('info', {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const config = { rateLimits, trustProxy: 1 };
  const app = await NestFactory.create<NestFastifyApplication>(
    TestModule.with(databaseUrl, config),
    new FastifyAdapter(fastifyOptions(config, log)),
    { bodyParser: false, logger: new NestLog(log), abortOnError: false },
  );
  installManners(app, log);
  await app.init();
  app.get(ApiDocument).set(SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Notes <& more>').build()));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    ...{ app, port, log: lines, probe: app.get(Probe) },
    call: (method, path, options = {}) => call(port, method, path, options),
    close: () => app.close(),
  };
}

/** One request over a connection of its own; nothing is added or mended on the way. */
async function call(
  port: number,
  method: string,
  path: string,
  { headers = {}, body, json }: CallOptions,
): Promise<Answer> {
  const payload = json === undefined ? body : JSON.stringify(json);
  const sent = { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  const request = httpRequest({ port, host: '127.0.0.1', method, path, agent: false, headers: sent });
  const answered = once(request, 'response');
  request.end(payload);
  const [response] = (await answered) as [import('node:http').IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const isJson = /json/.test(response.headers['content-type'] ?? '');
  return {
    ...{ status: response.statusCode ?? 0, headers: response.headers, text },
    body: isJson && text ? (JSON.parse(text) as Answer['body']) : {},
  };
}

/** A bare connection, for what no HTTP client would send. */
export async function rawConnection(port: number): Promise<{ socket: Socket; ended: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  const ended = new Promise<string>((resolve) => {
    socket.on('error', () => undefined);
    socket.pipe(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          chunks.push(chunk);
          done();
        },
      }),
    );
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
  return { socket, ended };
}

export const AS_ANNE = { authorization: 'Bearer anne' };
