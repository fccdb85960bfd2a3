import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { BadInput, Fault, NotFound, Refused } from '../../kernel/errors/problem';
import type { Query } from '../../kernel/privacy/query';
import { ContactSeal } from '../contributor/contact';
import { mustBeVerified } from '../contributor/contributor.service';
import { IMPORT_CONTRIBUTORS } from '../permissions';
import { ImportQuery, ImportReport, MOST_FAULTS } from './import.dto';
import { Known, readHeading, ReadRow, readRow, RowFault, ruleFaults } from './row';
import { storeBatch } from './store';
import { records } from './table';

const BATCH = 500;

interface Settings {
  organisation: string;
  guardianUnder18: boolean;
  regions: ReadonlySet<string>;
}

type Good = { row: ReadRow; known?: Known };

/**
 * Contributors from a CSV file. The file is read twice: once to check every row, and, where it may be stored, once more inside one
 * transaction, in batches, so that a large file never stands in memory as records.
 */
@Injectable()
export class ImportService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly seal: ContactSeal,
  ) {}

  async import(who: Actor, query: ImportQuery, text: string): Promise<ImportReport> {
    const { organisation, dryRun = false, partial = false } = query;
    if (!who.mayFor(IMPORT_CONTRIBUTORS, organisation)) throw new NotFound('No organisation of yours has this id.');
    const settings = await this.settings(this.db, organisation);
    const checked = await this.pass(this.db, settings, text, () => Promise.resolve());
    if (dryRun) return { ...checked, dryRun };
    if (checked.faultCount > 0 && !partial) throw nothingStored(checked);
    return this.db.write(who, async (tx) => {
      await mustBeVerified(tx, organisation);
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('import of contributors ' || $1, 0))`, [
        organisation,
      ]);
      const today = this.clock.today();
      const report = await this.pass(tx, settings, text, (good) =>
        storeBatch(tx, this.seal, good, organisation, today),
      );
      if (report.faultCount > 0 && !partial) throw nothingStored(report);
      tx.audit('imported', 'contributor', null, {
        organisationId: organisation,
        after: { rows: report.rows, added: report.added, changed: report.changed },
      });
      return { ...report, dryRun };
    });
  }

  /** Reads the whole text; gives each batch of good rows to `take`. */
  private async pass(
    q: Query,
    settings: Settings,
    text: string,
    take: (good: Good[]) => Promise<void>,
  ): Promise<ImportReport> {
    const report: ImportReport = {
      dryRun: false,
      rows: 0,
      added: 0,
      changed: 0,
      faultyRows: 0,
      faultCount: 0,
      faults: [],
    };
    const seen = new Map<string, number>();
    let headings: string[] | undefined;
    let batch: { row: ReadRow; faults: RowFault[] }[] = [];
    const finish = async (): Promise<void> => {
      const good = await this.judge(q, settings, batch, report);
      batch = [];
      if (good.length > 0) await take(good);
    };
    for await (const cells of records(text)) {
      if (!headings) {
        const heading = readHeading(cells);
        if (heading.faults.length > 0) throw new BadInput(heading.faults.map(asFault));
        headings = heading.headings;
        continue;
      }
      report.rows++;
      const faults: RowFault[] = [];
      const row = readRow(report.rows + 1, headings, cells, faults);
      batch.push({ row, faults: [...faults, ...repeated(row, seen)] });
      if (batch.length === BATCH) await finish();
    }
    if (report.rows === 0)
      throw new BadInput([
        { in: 'body', at: '', code: 'no_rows', message: 'Send a heading and at least one row below it.' },
      ]);
    await finish();
    return report;
  }

  /** Adds a batch's faults and counts to the report; answers the good rows. */
  private async judge(
    q: Query,
    settings: Settings,
    batch: { row: ReadRow; faults: RowFault[] }[],
    report: ImportReport,
  ): Promise<Good[]> {
    const known = await knownBy(
      q,
      settings.organisation,
      batch.flatMap(({ row }) => row.reference ?? []),
    );
    const good: Good[] = [];
    for (const { row, faults } of batch) {
      const before = row.reference === null ? undefined : known.get(row.reference);
      const all = faults.length > 0 ? faults : ruleFaults(row, before, settings.guardianUnder18, settings.regions);
      if (all.length > 0) {
        report.faultyRows++;
        report.faultCount += all.length;
        report.faults.push(...all.slice(0, MOST_FAULTS - report.faults.length));
        continue;
      }
      if (before) report.changed++;
      else report.added++;
      good.push({ row, known: before });
    }
    return good;
  }

  private async settings(q: Query, organisation: string): Promise<Settings> {
    const [found] = await q.query<{ under18: boolean; regions: string[] }>(
      `SELECT o.guardian_policy IS DISTINCT FROM 'under-16' AS under18, ARRAY(SELECT code FROM people.region) AS regions FROM people.organisation o WHERE o.id = $1`,
      [organisation],
    );
    if (!found) throw new NotFound('No organisation of yours has this id.');
    return { organisation, guardianUnder18: found.under18, regions: new Set(found.regions) };
  }
}

/** Contributors of the organisation by its references. */
async function knownBy(q: Query, organisation: string, references: readonly string[]): Promise<Map<string, Known>> {
  if (references.length === 0) return new Map();
  const found = await q.query<Known & { reference: string }>(
    `SELECT w.reference, c.id, c.email_sealed IS NOT NULL AS "hasEmail", c.phone_sealed IS NOT NULL AS "hasPhone", c.address_sealed IS NOT NULL AS "hasAddress",
       c.supporter_sealed IS NOT NULL AS "hasSupporter", c.guardian_sealed IS NOT NULL AS "hasGuardian", c.safeguarding_sealed IS NOT NULL AS "hasSafeguarding",
       o.guardian_policy IS DISTINCT FROM 'under-16' AS "guardianUnder18"
     FROM people.contributor_organisation w JOIN people.contributor c ON c.id = w.contributor_id
     LEFT JOIN people.contributor_organisation h ON h.contributor_id = c.id AND h.home
     LEFT JOIN people.organisation o ON o.id = h.organisation_id
     WHERE w.organisation_id = $1 AND w.until IS NULL AND w.reference = ANY($2::text[])`,
    [organisation, references],
  );
  return new Map(found.map(({ reference, ...known }) => [reference, known]));
}

function repeated({ row, reference }: ReadRow, seen: Map<string, number>): RowFault[] {
  if (reference === null) return [];
  const first = seen.get(reference);
  if (first === undefined) seen.set(reference, row);
  return first === undefined
    ? []
    : [
        {
          row,
          column: 'reference',
          code: 'repeated',
          message: `Row ${first} has this reference already. Give each person one row.`,
        },
      ];
}

const asFault = ({ row, column, code, message }: RowFault): Fault & { row: number; column: string | null } => ({
  in: 'body',
  at: column === null ? `/rows/${row}` : `/rows/${row}/${column}`,
  code,
  message,
  row,
  column,
});

function nothingStored(report: ImportReport): Refused {
  const listed = report.faultCount > report.faults.length ? ` The first ${report.faults.length} are listed.` : '';
  return new Refused(
    'import_has_faults',
    `Nothing was stored: ${report.faultyRows} of ${report.rows} rows have faults, ${report.faultCount} in all.${listed} Mend them and send the file again, or send it with partial=true to store the other rows.`,
    report.faults.map(asFault),
  );
}
