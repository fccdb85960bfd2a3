import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiDocument } from '../../src/kernel/http/version.controller';
import type { TestApp } from '../support/app';
import { type Operation, operationsOf } from '../support/operations';
import type { Whole } from './diversity-published';
import type { Before } from './diversity-readers';
import { ELSEWHERE, HELD, INSIDER, QUARTERS, type Scene } from './diversity-scene';

/** One answer, with everything that came. */
export interface Answer {
  /** As the OpenAPI document has it: `GET /v1/diversity/gaps/{id}`. */
  route: string;
  /** What `{release}` stood for: the id, or `latest`. */
  release: string;
  path: string;
  who: string;
  status: number;
  type: string;
  headers: Record<string, string>;
  bytes: Buffer;
}

/** Everything about people's diversity, and what is counted of the same people. */
const AREA = /diversity|^\/(v1\/)?reports\//;
/** Who collected answers in their own organisation, and in no other. */
export const ANALYST = 'an analyst of another organisation that returned';
const NOBODY = '01941f29-7c00-7000-8000-000000000000';

/** The routes of the area that can be read, from the application's own document. */
export function routesOf(document: OpenAPIObject): Operation[] {
  return operationsOf(document).filter(({ method, path }) => method === 'GET' && AREA.test(path));
}

/** What to ask each route with: for every parameter in the document there must be values here. */
export class Asking {
  readonly routes: Operation[];
  readonly unknown: string[] = [];
  private readonly releases: string[];

  constructor(
    private readonly t: TestApp,
    private readonly scene: Scene,
    private readonly wholes: readonly Whole[],
    private readonly organisations: Readonly<Record<string, string>>,
  ) {
    this.routes = routesOf(t.app.get(ApiDocument, { strict: false }).get());
    this.releases = [...wholes.map(({ release }) => release.id), 'latest'];
  }

  static async of(t: TestApp, scene: Scene, wholes: readonly Whole[]): Promise<Asking> {
    const organisations: Record<string, string> = {};
    for (const slug of [HELD, INSIDER, ELSEWHERE]) organisations[slug] = await t.organisation(slug);
    return new Asking(t, scene, wholes, organisations);
  }

  /** Those who are not the organisation that collected the answers: by name, with their headers. */
  async outsiders(): Promise<Record<string, Record<string, string>>> {
    return {
      nobody: {},
      'a coordinator of another organisation': await this.t.as('coordinator', ELSEWHERE),
      'a researcher': await this.t.as('researcher', HELD),
      'a site': await this.t.as('site', ELSEWHERE),
      [ANALYST]: await this.t.as('diversity-analyst', INSIDER),
    };
  }

  /** Every address of a route: those that are there, those that are not, and those that are wrong. */
  paths(route: Operation): { path: string; release: string }[] {
    const named = [...route.path.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] ?? '');
    let places: { path: string; release: string }[] = [{ path: route.path, release: '' }];
    for (const name of named)
      places = places.flatMap((place) =>
        this.inPath(route, name, place.release).map((value) => ({
          path: place.path.replace(`{${name}}`, value),
          release: name === 'release' ? value : place.release,
        })),
      );
    const asked = route.parameters.filter((one) => one.in === 'query');
    return places.flatMap(({ path, release }) =>
      this.queries(route, asked, release).map((query) => ({ path: query === '' ? path : `${path}?${query}`, release })),
    );
  }

  private inPath({ path }: Operation, name: string, release: string): string[] {
    const { collections, returns, gaps, refused, draft } = this.scene;
    if (name === 'release') return [...this.releases, refused, draft, NOBODY, 'newest'];
    if (name === 'table')
      return [...(this.whole(release)?.tables.map(({ key }) => key) ?? []), 'all-registered-age', 'No_table'];
    if (name === 'organisation') return [...Object.values(this.organisations), NOBODY];
    if (name !== 'id') return this.nothingFor(path, name);
    const ids: Record<string, string[]> = {
      collections,
      returns,
      gaps,
      releases: [...this.releases.slice(0, -1), refused, draft],
    };
    const of = Object.keys(ids).find((one) => path.includes(`/${one}/{id}`));
    return of === undefined ? this.nothingFor(path, name) : [...(ids[of] ?? []), NOBODY, '7'];
  }

  private queries(route: Operation, asked: Operation['parameters'], release: string): string[] {
    const names = asked.map((one) => one.name);
    if (names.includes('population') || names.includes('unit')) return this.places(names, release);
    const needed = names.includes('from') ? QUARTERS.map(({ from, to }) => `from=${from}&to=${to}`) : [''];
    const single = asked
      .filter(({ name }) => !['from', 'to'].includes(name))
      .map(({ name, schema }) => this.values(route, name, schema.enum).map((value) => `${name}=${value}`));
    const pairs = needed.flatMap((first) => [first, ...single.flat().map((one) => (first ? `${first}&${one}` : one))]);
    // A breakdown in another format, and periods that are no quarter.
    const [by = [], formats = []] = ['by', 'format'].map((key) => single.find((one) => one[0]?.startsWith(`${key}=`)));
    return [
      ...pairs,
      ...(by.length > 0 ? needed.flatMap((first) => by.map((one) => `${first}&${one}&${formats[1] ?? ''}`)) : []),
      ...(names.includes('from') ? ['from=2026-07-01&to=2026-08-31', 'from=2026-01-01&to=2026-09-30', 'from=x'] : []),
    ];
  }

  private values({ path }: Operation, name: string, choices: readonly unknown[] | undefined): string[] {
    const values: Record<string, string[]> = {
      limit: ['1', '100', '0'],
      cursor: ['nonsense'],
      release: this.releases.slice(0, -1),
      organisation: Object.values(this.organisations),
      collection: this.scene.collections,
      characteristic: ['ethnic-group', 'nothing'],
      area: ['E92000001', 'nowhere'],
      source: ['census-2021-ts021', 'nothing'],
      on: ['2026-08-11', 'never'],
    };
    return (choices as string[] | undefined) ?? values[name] ?? this.nothingFor(path, name);
  }

  /** Every place of every table, as the routes that compare and follow figures take it, and some that are in no table. */
  private places(names: readonly string[], release: string): string[] {
    const known = new Set([
      'unit',
      'population',
      'characteristic',
      'category',
      'ethnicGroup',
      'area',
      'source',
      'format',
    ]);
    for (const name of names) if (!known.has(name)) this.nothingFor('the routes that compare', name);
    const wholes = release === '' ? this.wholes : [this.whole(release)].flatMap((one) => one ?? []);
    const found = new Set<string>();
    for (const { tables } of wholes)
      for (const { characteristic, population, figures } of tables)
        for (const { unit, hub, category } of figures) {
          const query = new URLSearchParams({ unit, characteristic });
          if (names.includes('population')) query.set('population', population);
          if (names.includes('category') && category !== null) query.set('category', category);
          if (names.includes('ethnicGroup') && hub !== null) query.set('ethnicGroup', hub);
          found.add(query.toString());
          if (names.includes('format') && category === null) found.add(`${query.toString()}&format=svg`);
        }
    return [
      ...found,
      'characteristic=age',
      'characteristic=sex&unit=nowhere',
      'characteristic=ethnic-group&area=W92000004',
    ];
  }

  private whole(release: string): Whole | undefined {
    return release === 'latest' ? this.wholes.at(-1) : this.wholes.find((one) => one.release.id === release);
  }

  private nothingFor(path: string, name: string): string[] {
    this.unknown.push(`${path} has a parameter ${name} for which nobody gave values`);
    return [];
  }
}

/** What is told before anybody is counted: nothing of it can be about people. */
export async function beforeAnybody(t: TestApp): Promise<Omit<Before, 'templates'>> {
  const text = async (path: string): Promise<string> => (await fetch(`${t.address}${path}`)).text();
  const figures = JSON.parse(await text('/v1/diversity/population-figures')) as { data: Before['benchmarks'] };
  return {
    dictionary: JSON.parse(await text('/v1/diversity/dictionary')) as unknown,
    benchmarks: figures.data,
    populationCsv: await text('/v1/diversity/population-figures?format=csv'),
    style: await text('/reports/diversity/style.css'),
  };
}

/** Reads an address as an outsider does. */
export async function fetched(
  t: TestApp,
  ask: Pick<Answer, 'route' | 'release' | 'path' | 'who'>,
  headers: Record<string, string>,
): Promise<Answer> {
  const answer = await fetch(`${t.address}${ask.path}`, { headers });
  return {
    ...ask,
    status: answer.status,
    type: (answer.headers.get('content-type') ?? '').split(';')[0] ?? '',
    headers: Object.fromEntries(answer.headers),
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}
