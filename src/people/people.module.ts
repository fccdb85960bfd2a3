import { Global, Module } from '@nestjs/common';
import { Directory } from '../kernel/access/directory';
import { DirectoryService } from './account/directory.service';

/** Organisations, contributors, accounts, consent, access needs. */
@Global()
@Module({
  controllers: [],
  providers: [{ provide: Directory, useClass: DirectoryService }],
  exports: [Directory],
})
export class PeopleModule {}
