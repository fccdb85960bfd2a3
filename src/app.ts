import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';
import type { Config } from './kernel/config';

/** The whole application, ready to listen. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), new FastifyAdapter({ trustProxy: typeof config.trustProxy === 'number' ? hops(config.trustProxy) : config.trustProxy }), { bufferLogs: true, abortOnError: false });
  return app;
}

/** Fastify's own number means "this many proxies"; its types ask for a function. */
const hops = (count: number) => (_address: string, hop: number): boolean => hop < count;
