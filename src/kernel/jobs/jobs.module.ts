import {
  BeforeApplicationShutdown,
  Global,
  Inject,
  Injectable,
  Logger,
  Module,
  OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '../clock';
import { Config, CONFIG } from '../config';
import { Db } from '../db/db';
import { errorCode } from '../events/failures';
import { BACKGROUND } from './background';
import { endedWithin } from './deadline';
import { JobFigures } from './figures';
import { Jobs } from './jobs';
import { Purge } from './purge';

const log = new Logger('Jobs');

/** Starts the workers with the application, and ends them before it closes. */
@Injectable()
class JobsRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly jobs: Jobs,
    @Inject(BACKGROUND) private readonly background: boolean,
    @Inject(CONFIG) private readonly config: Pick<Config, 'stopDeadlineSeconds'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.background) await this.jobs.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const inTime = await endedWithin(this.config.stopDeadlineSeconds, this.jobs.stop());
    if (!inTime) log.warn('A job in hand did not end in time; it is tried again later');
  }
}

/** Work apart from requests. */
@Global()
@Module({
  providers: [
    {
      provide: Jobs,
      inject: [Db, Clock],
      useFactory: (db: Db, clock: Clock) =>
        new Jobs(db, clock, (queue, error) => log.warn(`${queue} failed (${errorCode(error)})`)),
    },
    Purge,
    JobsRunner,
    JobFigures,
  ],
  exports: [Jobs, Purge],
})
export class JobsModule {}
