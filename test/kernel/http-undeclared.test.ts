import type { AddressInfo } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module';
import { SignedIn } from '../../src/kernel/access/access';
import { fastifyOptions, installManners } from '../../src/kernel/http/manners';
import { makeLog } from '../../src/kernel/log';
import { startApp, TestApp } from '../support/app';

@Controller('undeclared')
class UndeclaredController {
  @Get()
  forgotten(): object {
    return { secret: true };
  }

  @Get('declared')
  @SignedIn()
  declared(): object {
    return { secret: false };
  }
}

let t: TestApp;
let app: NestFastifyApplication;
let address: string;

/** The whole application, with its own guards, and one controller more. */
beforeAll(async () => {
  t = await startApp();
  @Module({
    imports: [AppModule.with(t.config, { clock: t.clock, background: false })],
    controllers: [UndeclaredController],
  })
  class WithUndeclared {}
  const log = makeLog('silent');
  app = await NestFactory.create<NestFastifyApplication>(
    WithUndeclared,
    new FastifyAdapter(fastifyOptions(t.config, log)),
    { bodyParser: false, logger: false, abortOnError: false },
  );
  installManners(app, log);
  await app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  await t.stop();
});

const get = async (path: string, headers: Record<string, string> = {}): Promise<[number, Record<string, unknown>]> => {
  const answer = await fetch(address + path, { headers });
  return [answer.status, (await answer.json()) as Record<string, unknown>];
};

describe('a route for which no access was declared', () => {
  it.each(['coordinator', 'auditor'])('answers 403 to somebody signed in as %s', async (role) => {
    const headers = await t.as(role);
    expect(await get('/undeclared', headers)).toMatchObject([403, { code: 'not_allowed' }]);
    expect(await get('/undeclared/declared', headers)).toEqual([200, { secret: false }]);
  });

  it('answers 401 to whoever is not signed in', async () => {
    expect(await get('/undeclared')).toMatchObject([401, { code: 'not_signed_in' }]);
  });
});
