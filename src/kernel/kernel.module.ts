import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AccessGuard } from './access/access.guard';
import { KeyStrategy, TokenStrategy } from './access/strategies';
import { Tokens } from './access/tokens';
import { Db } from './db/db';
import { Doors } from './db/door';
import { ProblemFilter } from './errors/problem.filter';
import { InputPipe } from './errors/validation';
import { EventsModule } from './events/events.module';
import { HttpModule } from './http/http.module';
import { Idempotency } from './http/idempotency';
import { Cursors } from './http/page';
import { JobsModule } from './jobs/jobs.module';
import { MessagesModule } from './messages/messages.module';
import { PrivacyModule } from './privacy/privacy.module';

/** What every area stands on; knows nothing of the domain. The application gives it settings, roles and the directory of accounts. */
@Global()
@Module({
  imports: [PassportModule, HttpModule, EventsModule, JobsModule, MessagesModule, PrivacyModule],
  providers: [
    Db,
    Doors,
    Cursors,
    Tokens,
    TokenStrategy,
    KeyStrategy,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    Idempotency,
  ],
  exports: [Db, Doors, Cursors, EventsModule, JobsModule, MessagesModule, PrivacyModule, HttpModule],
})
export class KernelModule {}
