import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { getOptionsToken, getStorageToken } from '@nestjs/throttler';
import { Config, CONFIG } from '../config';
import { DeclaredInput } from './input-declared';
import { DocsController } from './docs.controller';
import { HealthController, Readiness } from './health.controller';
import { Metrics } from './metrics';
import { MissingPages } from './missing-pages';
import { PublicCache } from './public-cache';
import { EarlyLimits } from './rate-limit.early';
import { RateLimitGuard, throttlerOptions } from './rate-limit.guard';
import { RateLimitStore } from './rate-limit.store';
import { Traffic } from './stop';
import { ApiDocument, VersionController } from './version.controller';

/** What the service says and does on the wire, whatever the record. */
@Module({
  imports: [DiscoveryModule],
  controllers: [VersionController, HealthController, DocsController],
  providers: [
    ApiDocument,
    Metrics,
    MissingPages,
    Readiness,
    Traffic,
    RateLimitStore,
    RateLimitGuard,
    PublicCache,
    {
      provide: getOptionsToken(),
      inject: [CONFIG],
      useFactory: (config: Config) => throttlerOptions(config.rateLimits),
    },
    { provide: getStorageToken(), useExisting: RateLimitStore },
    {
      provide: EarlyLimits,
      inject: [RateLimitStore, CONFIG],
      useFactory: (store: RateLimitStore, config: Config) => new EarlyLimits(store, config.rateLimits),
    },
    DeclaredInput,
  ],
  exports: [ApiDocument, Metrics, MissingPages, Readiness, Traffic, RateLimitStore, PublicCache],
})
export class HttpModule {}
