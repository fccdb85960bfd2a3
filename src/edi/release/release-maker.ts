import { Injectable, Logger } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { errorCode } from '../../kernel/events/failures';
import { NoGround } from '../disclosure/catalogue';
import { gateThreshold } from '../disclosure/gate';
import type { System, Witness } from '../disclosure/model';
import { verify } from '../disclosure-check/verify';
import { engineCatalogue, engineParameters, thresholdsOf } from './catalogue';
import { certificateHash, certificateOf } from './certificate';
import { releaseCharacteristics } from './characteristics';
import { EarlierReleases } from './earlier';
import { leftOutOf, TOLD, ToldRow } from './left-out';
import { Coverage, notesOf } from './notes';
import { Protection } from './protection';
import type { PublishedCharacteristic } from './published';
import { publishedTables, tableOfFigure } from './published-tables';
import { Release, ReleaseContent } from './release.entity';
import { ReleaseStore } from './release-store';
import { SnapshotUnit, Snapshots } from './snapshot.service';
import { counted, systemOf } from './system';
import { CountedOrganisation, groupName, groupOf, HomeOrganisation, unitsOf } from './units';

const log = new Logger('Releases');

/** A run that is lost so often is given up. */
const MOST_ATTEMPTS = 3;

/** Nothing can come of a release: why, and at which table where it is one. Not tried again. */
export class CannotRelease extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly table: string | null = null,
  ) {
    super(detail);
  }
}

const ORGANISATIONS = `
  SELECT o.id, o.slug, o.name, o.kind, o.region_code AS "regionCode", o.nation_code AS "nationCode", r.name AS "regionName"
  FROM people.organisation o LEFT JOIN people.region r ON r.code = o.region_code WHERE o.id = ANY($1::uuid[])`;

const ASKED = `
  SELECT o.kind, EXISTS (
    SELECT FROM edi.return r WHERE r.collection_id = c.collection_id AND r.organisation_id = c.organisation_id AND r.state = 'signed-off'
  ) AS returned
  FROM edi.collection_organisation c JOIN people.organisation o ON o.id = c.organisation_id
  WHERE c.collection_id = $1 ORDER BY o.kind`;

/** Makes a release, step after step: snapshot and gate, protection, verification. What it cannot prove it does not let through. */
@Injectable()
export class ReleaseMaker {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly store: ReleaseStore,
    private readonly snapshots: Snapshots,
    private readonly protection: Protection,
    private readonly earlier: EarlierReleases,
  ) {}

  /**
   * Makes the release as far as it can be made without a signature; afterwards it is ready or refused. A run that was lost is taken up
   * from the start, since a snapshot that nobody has seen may be taken again. Two runs of one release exclude each other.
   * @returns false, with nothing done, where another process works at it
   */
  make(id: string): Promise<boolean> {
    return this.store.alone(id, async () => {
      const release = await this.store.begin(id, MOST_ATTEMPTS);
      if (!release) return;
      try {
        await this.carryOut(release);
      } catch (error) {
        const reason = reasonOf(error);
        if (!reason && release.attempt < MOST_ATTEMPTS) throw error;
        if (!reason) log.warn(`A release was given up (${errorCode(error)})`);
        await this.store.refuse(
          theService(),
          id,
          reason ??
            new CannotRelease('fault', 'The work failed again and again, and was given up. Nothing was published.'),
        );
      }
    });
  }

  private async carryOut(release: Release): Promise<void> {
    const characteristics = await releaseCharacteristics(this.db);
    const parameters = engineParameters(release.rules());
    const told = (percent: number): Promise<void> => this.store.tell(release.id, 'snapshot', percent);
    const shown = await this.earlier.shown(release.id);
    // What was shown by stricter rules is not told by milder ones afterwards.
    const gate = Math.max(gateThreshold(parameters), ...shown.map((one) => gateThreshold(one.parameters)));
    await this.snapshots.take(
      { ...release, shown: shown.map((one) => one.id), gate, today: this.clock.today() },
      characteristics,
      told,
    );
    const units = await this.snapshots.units(release.id);
    if (units.length === 0)
      throw new CannotRelease('nobody_counted', 'There is nobody to count in this period. Nothing was published.');
    const organisations = await this.organisations(units);
    const tree = unitsOf(organisations);
    const { system, known } = await this.system(release, characteristics, organisations, tree.engine);

    await this.store.tell(release.id, 'protection', 55);
    const made = await this.protection.protect(system, parameters, known);
    await this.store.tell(release.id, 'verification', 85);
    const verdict = verify(system, parameters, made);
    if (!verdict.ok) throw notProven(verdict.faults);

    const leftOut = system.leftOut ?? [];
    const tables = publishedTables(
      release.catalogue,
      { ...tree, characteristics: system, labels: characteristics, leftOut },
      made,
    );
    const previous = release.previousId === null ? null : await this.db.one(Release, release.previousId);
    const certificate = certificateOf(parameters, release.catalogueHash, made, verdict, tables, {
      units: tree.published,
      labels: characteristics,
      leftOut,
      previous: previous && { number: previous.number, units: previous.content?.units ?? [] },
    });
    const content: ReleaseContent = {
      characteristics,
      units: tree.published,
      thresholds: thresholdsOf(parameters),
      previousNumber: previous?.number ?? null,
      notes: notesOf(organisations, made.merges, tree.published, await this.coverage(release.collectionId), leftOut),
    };
    const { merges, figures } = made;
    const kept = { id: release.id, units: tree.engine, catalogue: system.catalogue, parameters, merges, figures };
    await this.earlier.keep(release.id, kept, system, made.witnesses);
    await this.store.ready(release.id, {
      content,
      tables,
      certificate,
      certificateHash: certificateHash(certificate),
      snapshotOn: this.clock.today(),
    });
  }

  /** Of each group, how many were asked for a return and how many signed one off. */
  private async coverage(collectionId: string | null): Promise<Coverage[]> {
    const rows = await this.db.query<{ kind: string; returned: boolean }>(ASKED, [collectionId]);
    const groups = new Map<string, Coverage>();
    for (const { kind, returned } of rows) {
      const group = groupName(groupOf(kind)).toLowerCase();
      const known = groups.get(group) ?? { group, asked: 0, returned: 0 };
      groups.set(group, { group, asked: known.asked + 1, returned: known.returned + Number(returned) });
    }
    return [...groups.values()];
  }

  private async organisations(units: readonly SnapshotUnit[]): Promise<CountedOrganisation[]> {
    const rows = await this.db.query<HomeOrganisation>(ORGANISATIONS, [units.map((unit) => unit.organisationId)]);
    return units.map((unit) => {
      const organisation = rows.find((row) => row.id === unit.organisationId);
      if (!organisation) throw new Error('An organisation that was counted is gone');
      return {
        ...organisation,
        instance: `${unit.organisationId}:${unit.refreshedIn}`,
        held: unit.held,
        countsOnly: unit.form === 'counts',
        form: unit.form === 'empty' ? 'records' : unit.form,
      };
    });
  }

  private async system(
    release: Release,
    characteristics: readonly PublishedCharacteristic[],
    organisations: readonly CountedOrganisation[],
    units: System['units'],
  ): Promise<{ system: System; known: Witness[] }> {
    const leaves = organisations.map((one) => one.instance);
    const linked = await this.earlier.sharing(release.id, leaves);
    const earlier = linked.releases;
    const all = [...new Set([...leaves, ...earlier.flatMap((one) => one.units.flatMap((unit) => unit.leaves))])];
    const { counts, returned } = await this.snapshots.counts(all.map(partsOf));
    const own = leaves.map(partsOf);
    const told = await this.db.query<ToldRow>(TOLD, [
      own.map((one) => one.organisationId),
      own.map((one) => one.refreshedIn),
    ]);
    const someCounts = organisations.some((one) => one.countsOnly) && organisations.some((one) => !one.countsOnly);
    const system = systemOf(
      {
        characteristics: characteristics.map(counted),
        units,
        catalogue: engineCatalogue(release.catalogue, someCounts),
        leaves,
        earlier,
        leftOut: leftOutOf(units, told),
      },
      counts,
      returned,
    );
    return { system, known: linked.witnesses(system) };
  }
}

/** The organisation and the release that an instance names. */
function partsOf(instance: string): { organisationId: string; refreshedIn: string } {
  const [organisationId = '', refreshedIn = ''] = instance.split(':');
  return { organisationId, refreshedIn };
}

/** The refusal that an error means; undefined where it is a fault that may pass. */
function reasonOf(error: unknown): CannotRelease | undefined {
  if (error instanceof CannotRelease) return error;
  if (error instanceof NoGround)
    return new CannotRelease('not_a_star', `No release can be made by this list of tables. ${error.message}`);
  return undefined;
}

/** What the verifier found wrong, without the counts that it saw. */
function notProven(faults: readonly { code: string; figure: string }[]): CannotRelease {
  const [first] = faults;
  return new CannotRelease(
    'not_proven_safe',
    'The figures could not be proven safe, so nothing was published. The table that it failed at is named.',
    first && first.figure !== '' ? tableOfFigure(first.figure) : null,
  );
}
