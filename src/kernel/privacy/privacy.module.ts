import { DynamicModule, Module } from '@nestjs/common';
import type { KeyRing } from '../config-secrets';
import { BlindIndex } from './blind-index';
import { Consents } from './consents';
import './kernel-tables';
import { PersonalData } from './personal-data';
import { Purposes } from './purposes';
import { Reads } from './reads';
import { Retention } from './retention';
import { KEY_RING, Sealer } from './sealer';

const SERVICES = [Sealer, PersonalData, Purposes, Consents, Reads, Retention];

/** Sealing, purposes, consent, the ledger of reads, and everything about one person. Needs `Db` and `Clock` to be global. */
@Module({})
export class PrivacyModule {
  static with(secrets: { keyRing: KeyRing; serviceSecret: string }): DynamicModule {
    return {
      module: PrivacyModule,
      global: true,
      providers: [
        ...SERVICES,
        { provide: KEY_RING, useValue: secrets.keyRing },
        { provide: BlindIndex, useFactory: () => new BlindIndex(secrets.serviceSecret, 'contact-point') },
      ],
      exports: [...SERVICES, BlindIndex],
    };
  }
}
