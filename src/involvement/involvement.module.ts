import { Module } from '@nestjs/common';

/** Project, opportunity, interest, involvement, activity: the spine that all areas hang on. */
@Module({
  controllers: [],
  providers: [],
  exports: [],
})
export class InvolvementModule {}
