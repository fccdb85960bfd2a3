import { hash } from 'node:crypto';
import { ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { NotAllowed, NotSignedIn } from '../errors/problem';
import { remembered } from '../remembered';
import { Access, ACCESS } from './access';
import { Actor, anonymous, Reach } from './actor';
import { Permission, ROLES, Roles } from './permission';
import type { Proof } from './strategies';

/** Decides for every route who may call it. Which rows they then see is the query's matter. */
@Injectable()
export class AccessGuard extends AuthGuard(['token', 'key']) {
  constructor(
    private readonly reflector: Reflector,
    @Inject(ROLES) private readonly roles: Roles,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const need = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const claims = request.headers.authorization !== undefined || request.headers['x-api-key'] !== undefined;
    if (claims) await super.canActivate(context);
    else request.actor = anonymous(request.traceId, `address:${addressHash(request.ip)}`);
    this.demand(need, request.actor);
    return true;
  }

  /** Called by passport's guard with what the strategies found; what it answers becomes `request.user`. */
  override handleRequest<T>(error: unknown, proof: Proof | false, _info: unknown, context: ExecutionContext): T {
    if (error) throw error as Error;
    if (!proof) throw new NotSignedIn('invalid_token', 'The credentials are not ones that this service accepts.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.actor = this.actorOf(proof, request);
    return request.actor as T;
  }

  private demand(need: Access | undefined, actor: Actor | undefined): void {
    if (need?.kind === 'public') return;
    if (!actor || actor.kind === 'anonymous') throw new NotSignedIn();
    if (need?.kind === 'signed-in' && actor.identity) return;
    if (need?.kind === 'permission' && actor.may(need.permission)) return;
    throw new NotAllowed('not_allowed', need?.kind === 'permission' ? this.needs(need.permission) : undefined);
  }

  /** Which roles may: they are public with the table of permissions. */
  private needs({ name }: Permission): string {
    const may = Object.keys(this.roles).filter((role) =>
      this.roles[role]?.some((grant) => grant.permission.name === name),
    );
    const [only, ...more] = may;
    if (only === undefined) return 'No role may do this.';
    const roles = more.length === 0 ? `the role ${only}` : `one of the roles ${may.join(', ')}`;
    return `None of your roles may do this: it needs ${roles}. Ask an administrator of your organisation.`;
  }

  private actorOf(proof: Proof, request: FastifyRequest): Actor {
    const { traceId } = request;
    if (proof.by === 'key') return anonymous(traceId, `key:${proof.keyId}`);
    const { account, identity } = proof;
    const memberships = account?.memberships ?? [];
    return new Actor({
      kind: account?.kind ?? 'person',
      accountId: account?.id ?? null,
      contributorId: account?.contributorId ?? null,
      identity,
      key: account ? `account:${account.id}` : `identity:${addressHash(`${identity.issuer} ${identity.subject}`)}`,
      roles: [...new Set(memberships.map((m) => m.role))],
      memberships,
      reaches: this.reaches(memberships),
      traceId,
    });
  }

  /** What all memberships together reach: each role counts in its own organisation only. */
  private reaches(memberships: readonly { organisationId: string; role: string }[]): Map<string, Reach> {
    const reaches = new Map<string, { everywhere: boolean; organisations: string[]; own: boolean }>();
    for (const { organisationId, role } of memberships) {
      for (const { permission, extent } of this.roles[role] ?? []) {
        const reach = reaches.get(permission.name) ?? { everywhere: false, organisations: [], own: false };
        if (extent === 'everywhere') reach.everywhere = true;
        else if (extent === 'own') reach.own = true;
        else if (!reach.organisations.includes(organisationId)) reach.organisations.push(organisationId);
        reaches.set(permission.name, reach);
      }
    }
    return reaches;
  }
}

const addressHash = remembered((text) => hash('sha256', text, 'hex').slice(0, 32));
