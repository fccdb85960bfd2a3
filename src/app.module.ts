import { DynamicModule, Global, Module } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './database';
import { DIVERSITY } from './edi/door/diversity-db';
import { EdiModule } from './edi/edi.module';
import { InstrumentsModule } from './instruments/instruments.module';
import { InvolvementModule } from './involvement/involvement.module';
import { ROLES } from './kernel/access/permission';
import { Clock } from './kernel/clock';
import { Config, CONFIG } from './kernel/config';
import { BACKGROUND } from './kernel/jobs/background';
import { KernelModule } from './kernel/kernel.module';
import { PeopleModule } from './people/people.module';
import { roles } from './roles';

/** What the process gives the application beside its settings. */
export interface Given {
  /** The source of the present moment. */
  clock?: Clock;
  /** Whether the process takes jobs and delivers events by itself. */
  background?: boolean;
  /** The OpenAPI document, where the same code has made it before. */
  document?: OpenAPIObject;
}

/** Settings, roles and the clock, for whoever asks for them. */
@Global()
@Module({})
class GivenModule {
  static with(config: Config, given: Given): DynamicModule {
    return {
      module: GivenModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: ROLES, useValue: roles },
        { provide: Clock, useValue: given.clock ?? new Clock() },
        { provide: BACKGROUND, useValue: given.background ?? true },
      ],
      exports: [CONFIG, ROLES, Clock, BACKGROUND],
    };
  }
}

@Module({})
export class AppModule {
  static with(config: Config, given: Given = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        GivenModule.with(config, given),
        TypeOrmModule.forRoot({ ...dataSourceOptions(config.database.url, config.database.pool), retryAttempts: 0 }),
        // The same database by a login of its own, for what the first one must not read.
        TypeOrmModule.forRoot({
          ...dataSourceOptions(config.diversity.url, Math.max(2, Math.ceil(config.database.pool / 2))),
          name: DIVERSITY,
          retryAttempts: 0,
        }),
        KernelModule,
        PeopleModule,
        InstrumentsModule,
        InvolvementModule,
        EdiModule,
      ],
    };
  }
}
