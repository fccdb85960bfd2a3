import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServerResponse } from 'node:http';

/** Requests under way, and whether the service is stopping. */
@Injectable()
export class Traffic {
  private open = 0;
  private waiting: (() => void)[] = [];
  private told = false;

  get stopping(): boolean {
    return this.told;
  }

  /** Requests whose answer is not out yet. */
  get underWay(): number {
    return this.open;
  }

  begin(response: ServerResponse): void {
    this.open++;
    response.once('close', () => {
      this.open--;
      if (this.open === 0) this.waiting.splice(0).forEach((tell) => tell());
    });
  }

  /** From now on the service is not ready, and connections close with their answer. */
  stop(): void {
    this.told = true;
  }

  /** Resolves once no request is under way. */
  quiet(): Promise<void> {
    return this.open === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }
}

/**
 * Stops in order: not ready; no new connections; what is under way finishes, until the deadline; what is left then, half-sent
 * bodies included, is cut; last the application closes, its pool with it.
 * @param deadline milliseconds, or a promise that resolves when time is up
 * @returns how many requests were cut
 */
export async function stopGracefully(
  app: NestFastifyApplication,
  deadline: number | Promise<unknown>,
): Promise<number> {
  const traffic = app.get(Traffic, { strict: false });
  const server = app.getHttpServer();
  traffic.stop();
  const closed = new Promise<void>((resolve) => {
    if (server.listening) server.close(() => resolve());
    else resolve();
  });
  server.closeIdleConnections();
  const timer = typeof deadline === 'number' ? after(deadline) : { passed: deadline, cancel: () => undefined };
  await Promise.race([traffic.quiet(), timer.passed]);
  timer.cancel();
  const cut = traffic.underWay;
  server.closeAllConnections();
  await closed;
  await app.close();
  return cut;
}

function after(ms: number): { passed: Promise<void>; cancel: () => void } {
  let cancel: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancel = () => clearTimeout(timer);
  });
  return { passed, cancel };
}
