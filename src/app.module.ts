import { DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './database';
import { InvolvementModule } from './involvement/involvement.module';
import { ROLES } from './kernel/access/permission';
import { Config, CONFIG } from './kernel/config';
import { KernelModule } from './kernel/kernel.module';
import { PeopleModule } from './people/people.module';
import { roles } from './roles';

/** Settings and roles, for whoever asks for them. */
@Global()
@Module({})
class GivenModule {
  static with(config: Config): DynamicModule {
    return {
      module: GivenModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: ROLES, useValue: roles },
      ],
      exports: [CONFIG, ROLES],
    };
  }
}

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        GivenModule.with(config),
        TypeOrmModule.forRoot({ ...dataSourceOptions(config.database.url, config.database.pool), retryAttempts: 0 }),
        KernelModule,
        PeopleModule,
        InvolvementModule,
      ],
    };
  }
}
