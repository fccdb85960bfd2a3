import { Global, Module } from '@nestjs/common';
import { CONFIG, Config } from '../config';
import { Db } from '../db/db';
import { LocalOutbox } from './local-outbox';
import { NoSender } from './no-sender';
import { OutboxController } from './outbox.controller';
import { Sender } from './sender';

/** Messages to people. The embedded run keeps them as pages; a real sender takes the place of `NoSender`. */
@Global()
@Module({
  controllers: [OutboxController],
  providers: [
    { provide: LocalOutbox, inject: [Db], useFactory: (db: Db) => new LocalOutbox(db) },
    {
      provide: Sender,
      inject: [CONFIG, LocalOutbox],
      useFactory: (config: Config, outbox: LocalOutbox) => (config.database.embedded ? outbox : new NoSender()),
    },
  ],
  exports: [Sender],
})
export class MessagesModule {}
