import { Module } from '@nestjs/common';

/** Organisations, contributors, accounts, consent, access needs. */
@Module({
  controllers: [],
  providers: [],
  exports: [],
})
export class PeopleModule {}
