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
import { BACKGROUND } from '../jobs/background';
import { endedWithin } from '../jobs/deadline';
import { errorCode } from './failures';
import { EventFigures } from './figures';
import { EventHead } from './head';
import './personal';
import { EventReader } from './reader';
import { Relay } from './relay';
import { Sequencer } from './sequencer';
import { EventSignal } from './signal';

const log = new Logger('Events');

/** Starts the numbering and the delivery of events with the application, and ends them before it closes. */
@Injectable()
class EventsRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly sequencer: Sequencer,
    private readonly relay: Relay,
    @Inject(BACKGROUND) private readonly background: boolean,
    @Inject(CONFIG) private readonly config: Pick<Config, 'stopDeadlineSeconds'>,
  ) {}

  onApplicationBootstrap(): void {
    this.sequencer.start();
    if (this.background) this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const stopped = this.relay.stop().then(() => this.sequencer.stop());
    const inTime = await endedWithin(this.config.stopDeadlineSeconds, stopped);
    if (!inTime) log.warn('An event in hand was not taken in time; it is given again later');
  }
}

/** The event log: signal, numbering, reading, delivery. */
@Global()
@Module({
  providers: [
    EventSignal,
    EventHead,
    EventsRunner,
    EventFigures,
    { provide: EventReader, inject: [Db], useFactory: (db: Db) => new EventReader(db) },
    {
      provide: Sequencer,
      inject: [Db, EventHead, EventSignal],
      useFactory: (db: Db, head: EventHead, signal: EventSignal) =>
        new Sequencer(db, head, signal, (error) => log.warn(`Events could not be numbered (${errorCode(error)})`)),
    },
    {
      provide: Relay,
      inject: [Db, EventReader, EventHead, Sequencer, Clock],
      useFactory: (db: Db, reader: EventReader, head: EventHead, sequencer: Sequencer, clock: Clock) =>
        new Relay(db, reader, head, sequencer, clock, (consumer, error) =>
          log.warn(`Consumer ${consumer} could not take an event (${errorCode(error)})`),
        ),
    },
  ],
  exports: [EventSignal, EventHead, EventReader, Sequencer, Relay],
})
export class EventsModule {}
