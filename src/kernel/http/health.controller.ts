import { Controller, Get, Injectable, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access';
import { Db } from '../db/db';
import { Unlimited } from './route-catalogue';
import { Traffic } from './stop';

/** How long a check may take before it counts as failed. */
const PATIENCE_MS = 2000;

type State = 'ok' | 'failed';

/** What must hold before this replica may be sent requests. The application adds checks of its own. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, () => Promise<boolean>>();
  private running: Promise<Record<string, State>> | undefined;

  constructor(
    db: Db,
    private readonly traffic: Traffic,
  ) {
    this.add('database', async () => (await db.query<{ one: number }>('SELECT 1 AS one')).length === 1);
  }

  /** Adds a check by the name that the answer shows. False, an error, or no answer in two seconds is a failure. */
  add(name: string, check: () => Promise<boolean>): void {
    this.checks.set(name, check);
  }

  /** Runs all checks. Calls that come while they run share the outcome. */
  async look(): Promise<Health> {
    const running = (this.running ??= this.run().finally(() => (this.running = undefined)));
    const checks = { ...(await running), accepting: this.traffic.stopping ? 'failed' : 'ok' } satisfies Record<
      string,
      State
    >;
    return { status: Object.values(checks).every((state) => state === 'ok') ? 'ok' : 'failed', checks };
  }

  private async run(): Promise<Record<string, State>> {
    const found = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    return Object.fromEntries(found);
  }
}

async function outcome(check: () => Promise<boolean>): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  try {
    return (await Promise.race([check(), late])) ? 'ok' : 'failed';
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

/** Health of this replica. */
export class Health {
  @ApiProperty({ enum: ['ok', 'failed'], description: 'Whether everything below is as it should be.', example: 'ok' })
  status: State;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['ok', 'failed'] },
    description: 'Each check by name: the database, its migrations, and whether requests are still accepted.',
    example: { database: 'ok', migrations: 'ok', accepting: 'ok' },
  })
  checks: Record<string, State>;
}

@ApiTags('Service')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Public()
  @Unlimited()
  @ApiOperation({
    summary: 'Whether the process runs',
    description: 'For a supervisor: a process that does not answer is to be restarted.',
  })
  @ApiOkResponse({ type: Health })
  live(): Health {
    return { status: 'ok', checks: { process: 'ok' } };
  }

  @Get('ready')
  @Public()
  @Unlimited()
  @ApiOperation({
    summary: 'Whether this replica can be sent requests',
    description: 'For a load balancer. 503 names the check that failed.',
  })
  @ApiOkResponse({ type: Health })
  @ApiServiceUnavailableResponse({ type: Health, description: 'A check failed: send requests to another replica.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const health = await this.readiness.look();
    if (health.status === 'failed') reply.status(503).header('retry-after', '2');
    return health;
  }
}
