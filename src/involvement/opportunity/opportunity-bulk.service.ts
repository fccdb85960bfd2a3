import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { binder } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { describe } from '../../kernel/errors/describe';
import { BadInput, Conflict, Fault, Refused } from '../../kernel/errors/problem';
import { InputPipe } from '../../kernel/errors/validation';
import {
  BulkAnswer,
  BulkOpportunities,
  BulkOpportunity,
  BulkOutcome,
  BulkResult,
  MOST_AT_ONCE,
} from './opportunity-bulk.dto';
import { csvHeader, csvLine, CsvRow, csvRows } from './opportunity-csv';
import type { OpportunityIdentifier } from './opportunity-parts';
import { NewOpportunity } from './opportunity.dto';
import { Opportunity } from './opportunity.entity';
import { OpportunityService } from './opportunity.service';

/** Most faults that the refusal of a whole bulk write lists. */
const MOST_FAULTS = 100;
/** Most faults that are listed of one item, where the others are written. */
const MOST_OF_ONE = 20;
const CSV_BATCH = 200;

/** Many opportunities at once: written by outside identifier, read as a table. */
@Injectable()
export class OpportunityBulk {
  private readonly pipe = new InputPipe();

  constructor(
    private readonly db: Db,
    private readonly opportunities: OpportunityService,
  ) {}

  /** Adds and changes. An item that is refused stops no other, unless all or nothing was asked for. */
  async write(who: Actor, body: unknown, atomic: boolean): Promise<BulkAnswer> {
    const items = typeof body === 'string' ? limited(csvRows(body)) : await this.jsonItems(body);
    const read = await Promise.all(items.map(({ item }) => this.read(item)));
    return this.db.write(who, async (tx) => {
      const known = await this.known(tx, read);
      const data: BulkResult[] = [];
      for (const [index, asked] of read.entries())
        data.push({ index, line: items[index]?.line ?? null, ...(await this.one(tx, known, asked)) });
      const refused = data.filter(({ result }) => result === 'refused');
      if (atomic && refused.length > 0) throw allRefused(refused);
      const count = (outcome: BulkOutcome): number => data.filter(({ result }) => result === outcome).length;
      return {
        data,
        meta: {
          made: count('made'),
          changed: count('changed'),
          unchanged: count('unchanged'),
          refused: refused.length,
        },
      };
    });
  }

  /** Every opportunity of an organisation as CSV, in constant memory. */
  csv(who: Actor, organisationId: string): Readable {
    this.opportunities.mustReadAllOf(who, organisationId);
    return Readable.from(this.lines(organisationId), { encoding: 'utf8' });
  }

  private async *lines(organisationId: string): AsyncGenerator<string> {
    yield csvHeader();
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const from = after;
      const where = [
        (bind: (v: unknown) => string) => `r.organisation_id = ${bind(organisationId)} AND r.id > ${bind(from)}`,
      ];
      const batch = await this.db.list(Opportunity, { where, limit: CSV_BATCH });
      yield batch.map(csvLine).join('');
      const last = batch.at(-1);
      if (!last || batch.length < CSV_BATCH) return;
      after = last.id;
    }
  }

  private async jsonItems(body: unknown): Promise<{ item: unknown; line: null }[]> {
    const { items } = await this.checked(BulkOpportunities, body);
    return items.map((item) => ({ item, line: null }));
  }

  /** An item as it was checked, or why it was refused. */
  private async read(item: unknown): Promise<BulkOpportunity | BadInput> {
    try {
      return await this.checked(BulkOpportunity, item);
    } catch (error) {
      if (error instanceof BadInput) return error;
      throw error;
    }
  }

  private async one(
    tx: Tx,
    known: Known,
    asked: BulkOpportunity | BadInput,
  ): Promise<Omit<BulkResult, 'index' | 'line'>> {
    try {
      if (asked instanceof BadInput) throw asked;
      const { opportunity, result } = await tx.attempt(() => this.upsert(tx, known, asked));
      known.learn(opportunity);
      return { result, id: opportunity.id, version: opportunity.version, code: null, detail: null, errors: [] };
    } catch (error) {
      const { status, code, message, errors } = describe(error);
      if (status >= 500) throw error;
      const faults = (errors ?? []).slice(0, MOST_OF_ONE).map((fault) => ({ ...fault, in: 'body' as const }));
      return { result: 'refused', id: null, version: null, code, detail: message, errors: faults };
    }
  }

  private async upsert(
    tx: Tx,
    known: Known,
    asked: BulkOpportunity,
  ): Promise<{ opportunity: Opportunity; result: BulkOutcome }> {
    const id = known.idOf(asked);
    if (id === undefined) {
      const whole = isWhole(asked) ? asked : await this.checked(NewOpportunity, asked);
      return { opportunity: await this.opportunities.addIn(tx, whole), result: 'made' };
    }
    const found = await tx.get(Opportunity, id, this.opportunities.draftable(tx.actor));
    const { projectId, ...content } = asked;
    if (projectId !== undefined && projectId !== found.projectId)
      throw new Refused('another_project', 'The opportunity with this outside identifier belongs to another project.', [
        fault('/projectId', 'another_project', 'Send the id of its project, or leave projectId out.'),
      ]);
    const { opportunity, changed } = await this.opportunities.changeIn(tx, found, content);
    return { opportunity, result: changed ? 'changed' : 'unchanged' };
  }

  /** Which of the caller's opportunities the outside identifiers of the items name. */
  private async known(tx: Tx, read: readonly (BulkOpportunity | BadInput)[]): Promise<Known> {
    const named = read.flatMap((asked) => (asked instanceof BadInput ? [] : (asked.identifiers ?? [])));
    const { params, bind } = binder([named.map((one) => one.scheme), named.map((one) => one.value)]);
    const rows = await tx.query<{ id: string; scheme: string; value: string }>(
      `SELECT r.id, i.scheme, i.value FROM involvement.opportunity_identifier i
       JOIN involvement.opportunity r ON r.id = i.opportunity_id
       WHERE (i.scheme, i.value) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND ${this.opportunities.draftable(tx.actor)(bind)}`,
      params,
    );
    return new Known(rows);
  }

  private async checked<T>(type: new () => T, value: unknown): Promise<T> {
    return (await this.pipe.transform(value, { type: 'body', metatype: type })) as T;
  }
}

/** Opportunities by outside identifier, kept right while a bulk write goes on. */
class Known {
  private readonly ids = new Map<string, Set<string>>();
  private readonly names = new Map<string, string[]>();

  constructor(rows: readonly (OpportunityIdentifier & { id: string })[]) {
    for (const row of rows) this.add(row, row.id);
  }

  /** The opportunity that an item names; undefined where it is new. */
  idOf({ identifiers }: BulkOpportunity): string | undefined {
    if (!identifiers || identifiers.length === 0)
      throw new Refused(
        'identifier_needed',
        'Give at least one outside identifier, by which the opportunity is known again.',
        [fault('/identifiers', 'identifier_needed', 'Send at least one outside identifier.')],
      );
    const [id, ...more] = new Set(identifiers.flatMap((one) => [...(this.ids.get(keyOf(one)) ?? [])]));
    if (more.length > 0)
      throw new Conflict('identifiers_differ', 'Its outside identifiers belong to different opportunities.');
    return id;
  }

  /** Takes in what an opportunity is called now. */
  learn({ id, identifiers }: Opportunity): void {
    for (const key of this.names.get(id) ?? []) this.ids.get(key)?.delete(id);
    this.names.delete(id);
    for (const one of identifiers) this.add(one, id);
  }

  private add(identifier: OpportunityIdentifier, id: string): void {
    const key = keyOf(identifier);
    this.ids.set(key, (this.ids.get(key) ?? new Set<string>()).add(id));
    this.names.set(id, [...(this.names.get(id) ?? []), key]);
  }
}

const keyOf = ({ scheme, value }: OpportunityIdentifier): string => `${scheme} ${value}`;

/** Whether an item, checked as a change, says all that a new one must. */
const isWhole = (asked: BulkOpportunity): asked is BulkOpportunity & NewOpportunity =>
  asked.projectId !== undefined && asked.kind !== undefined && asked.title !== undefined;

function limited(rows: CsvRow[]): CsvRow[] {
  if (rows.length >= 1 && rows.length <= MOST_AT_ONCE) return rows;
  throw new BadInput([
    fault('', rows.length === 0 ? 'too_few' : 'too_many', `Send between 1 and ${MOST_AT_ONCE} rows below the header.`),
  ]);
}

function allRefused(refused: BulkResult[]): Refused {
  const errors = refused.flatMap(({ index, code, detail, errors: own }) =>
    (own.length > 0 ? own : [fault('', code ?? 'refused', detail ?? '')]).map((one) => ({
      ...one,
      at: `/items/${index}${one.at}`,
    })),
  );
  const more = errors.length > MOST_FAULTS ? ` The first ${MOST_FAULTS} of ${errors.length} faults are listed.` : '';
  return new Refused(
    'bulk_refused',
    `${refused.length} of the opportunities cannot be stored, so nothing was.${more}`,
    errors.slice(0, MOST_FAULTS),
  );
}

const fault = (at: string, code: string, message: string): Fault & { in: 'body' } => ({
  in: 'body',
  at,
  code,
  message,
});
