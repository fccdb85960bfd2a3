import { Injectable, Provider, SetMetadata, Type } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Clock } from '../clock';
import { EventSignal } from '../events/signal';
import { Db } from './db';

/*
 * A further door: the same database by another login, for tables that the service's own login must not reach. An area that has such
 * tables declares a class of its own that extends `Db`, provides it with `provideDoor`, and marks its routes with `@Through`.
 */

const THROUGH = 'door of the route';

/**
 * Transactions that the service opens around this route (for an Idempotency-Key) are begun through this door, so that the stored answer
 * commits with what the route writes there.
 * @param name the name of the connection that the door was provided with
 */
export const Through = (name: string): MethodDecorator & ClassDecorator => SetMetadata(THROUGH, name);
Through.KEY = THROUGH;

/** The doors there are beside the service's own, by the names of their connections. */
@Injectable()
export class Doors {
  private readonly byName = new Map<string, Db>();

  add<D extends Db>(name: string, door: D): D {
    this.byName.set(name, door);
    return door;
  }

  /** A name without a door is a mistake in the code. */
  of(name: string): Db {
    const door = this.byName.get(name);
    if (!door) throw new Error(`There is no door named ${name}`);
    return door;
  }
}

type DoorType<D extends Db> = Type<D> & (new (source: DataSource, clock: Clock, signal: EventSignal) => D);

/** Provides a door over the connection of this name, which the application opens with the door's own login. */
export const provideDoor = <D extends Db>(type: DoorType<D>, name: string): Provider => ({
  provide: type,
  inject: [getDataSourceToken(name), Clock, EventSignal, Doors],
  useFactory: (source: DataSource, clock: Clock, signal: EventSignal, doors: Doors) =>
    doors.add(name, new type(source, clock, signal)),
});
