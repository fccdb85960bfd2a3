import { Module, OnModuleInit } from '@nestjs/common';
import { CONFIG, Config } from '../config';
import { Jobs } from '../jobs/jobs';
import { JobsModule } from '../jobs/jobs.module';
import { BlindIndex } from './blind-index';
import { Consents } from './consents';
import './kernel-tables';
import { PersonalData } from './personal-data';
import { Purposes } from './purposes';
import { Reads } from './reads';
import { Retention, RETENTION_JOB } from './retention';
import { KEY_RING, Sealer } from './sealer';

const SERVICES = [Sealer, PersonalData, Purposes, Consents, Reads, Retention];

/** Sealing, purposes, consent, the ledger of reads, and everything about one person. */
@Module({
  imports: [JobsModule],
  providers: [
    ...SERVICES,
    { provide: KEY_RING, inject: [CONFIG], useFactory: (config: Config) => config.keyRing },
    {
      provide: BlindIndex,
      inject: [CONFIG],
      useFactory: (config: Config) => new BlindIndex(config.serviceSecret, 'contact-point'),
    },
  ],
  exports: [...SERVICES, BlindIndex],
})
export class PrivacyModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly retention: Retention,
  ) {}

  onModuleInit(): void {
    this.jobs.work(RETENTION_JOB.queue, async () => {
      await this.retention.run();
    });
    this.jobs.every(RETENTION_JOB.schedule, RETENTION_JOB.queue);
  }
}
