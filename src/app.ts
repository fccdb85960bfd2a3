import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, Given } from './app.module';
import type { Config } from './kernel/config';
import { PublicCache } from './kernel/http/public-cache';
import { fastifyOptions, installManners } from './kernel/http/manners';
import { ApiDocument } from './kernel/http/version.controller';
import { Log, makeLog, NestLog } from './kernel/log';
import { openApi } from './openapi';
import { watchMigrations } from './readiness';

/** The whole application, ready to listen. */
export async function createApp(config: Config, given: Given & { log?: Log } = {}): Promise<NestFastifyApplication> {
  const log = given.log ?? makeLog(config.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, given),
    new FastifyAdapter(fastifyOptions(config, log)),
    {
      logger: new NestLog(log),
      bodyParser: false,
      abortOnError: false,
    },
  );
  installManners(app, log);
  watchMigrations(app);
  app.get(PublicCache, { strict: false }).install(app.getHttpAdapter().getInstance());
  app.get(ApiDocument, { strict: false }).set(given.document ?? openApi(app));
  return app;
}
