import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DemonstrationActivity,
  DemonstrationContributor,
  DemonstrationInterest,
  DemonstrationOpportunity,
  DemonstrationOrganisation,
  DemonstrationProject,
} from './shapes';

function rowsOf<Row>(name: string): Row[] {
  return JSON.parse(readFileSync(join(__dirname, name), 'utf8')) as Row[];
}

function rowsIn<Row>(folder: string): Row[] {
  return readdirSync(join(__dirname, folder)).flatMap((name) => rowsOf<Row>(join(folder, name)));
}

const organisations = rowsOf<DemonstrationOrganisation>('organisations.json');
const projects = rowsOf<DemonstrationProject>('projects.json');
const opportunities = rowsIn<DemonstrationOpportunity>('opportunities');
const contributors = rowsOf<DemonstrationContributor>('contributors.json');
const interests = rowsIn<DemonstrationInterest>('interests');
const activities = rowsOf<DemonstrationActivity>('activities.json');

const slugs = (rows: { slug: string }[]) => new Set(rows.map((row) => row.slug));
const opportunityOf = new Map(opportunities.map((row) => [row.slug, row]));
const interestOf = new Map(interests.map((row) => [row.slug, row]));

describe('demonstration texts', () => {
  it('name every record once in its kind', () => {
    for (const rows of [organisations, projects, opportunities, contributors, interests, activities]) {
      expect(slugs(rows).size).toBe(rows.length);
    }
    expect([projects.length, opportunities.length, contributors.length, interests.length, activities.length]).toEqual([
      14, 60, 40, 80, 13,
    ]);
  });

  it('refer only to what is there', () => {
    expect(projects.filter((row) => !slugs(organisations).has(row.organisation))).toEqual([]);
    expect(opportunities.filter((row) => !slugs(projects).has(row.project))).toEqual([]);
    expect(interests.filter((row) => !slugs(opportunities).has(row.opportunity))).toEqual([]);
    expect(interests.filter((row) => !slugs(contributors).has(row.contributor))).toEqual([]);
    expect(contributors.flatMap((row) => row.organisations).filter((slug) => !slugs(organisations).has(slug))).toEqual(
      [],
    );
    expect(activities.filter((row) => interestOf.get(row.interest)?.state !== 'accepted')).toEqual([]);
  });

  it('offer a way to apply that is not digital', () => {
    const digital = ['online', 'email'];
    expect(opportunities.filter((row) => row.apply.every((way) => digital.includes(way.way)))).toEqual([]);
  });

  it('have a place exactly when people meet', () => {
    const meets = (row: DemonstrationOpportunity) => row.mode === 'in-person' || row.mode === 'hybrid';
    expect(opportunities.filter((row) => meets(row) !== (row.place !== null))).toEqual([]);
  });

  it('protect people under 18', () => {
    const young = opportunities.filter((row) => row.minimumAge !== null && row.minimumAge < 18);
    expect(young.length).toBeGreaterThan(0);
    expect(young.filter((row) => !row.safeguarding)).toEqual([]);
    expect(contributors.filter((row) => row.ageBand === 'under-16' && !row.guardian)).toEqual([]);
  });

  it('reach each contributor by the channel they prefer', () => {
    const cannot = contributors.filter(
      (row) =>
        (row.preferredChannel === 'email' && !row.email) ||
        (['phone', 'text'].includes(row.preferredChannel) && !row.phone) ||
        (row.preferredChannel === 'supporter') !== (row.supporter !== null),
    );
    expect(cannot).toEqual([]);
  });

  it('use only telephone numbers and addresses that reach nobody', () => {
    const text = JSON.stringify([organisations, opportunities, contributors]);
    const numbers = text.match(/\b0\d{4} \d{6}\b/g) ?? [];
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter((number) => !/^(01632 960|07700 900)\d{3}$/.test(number))).toEqual([]);
    const hosts = [...text.matchAll(/[\w.-]+@([\w.-]*[\w-])/g)].map((match) => match[1] ?? '');
    expect(hosts.filter((host) => !/(^|\.)example\.org$/.test(host))).toEqual([]);
  });

  it('send interests while an opportunity was open, and fill no more places than there are', () => {
    for (const interest of interests) {
      const opportunity = opportunityOf.get(interest.opportunity);
      expect(['published', 'paused']).toContain(opportunity?.state);
      expect(interest.receivedInDays).toBeLessThanOrEqual(opportunity?.closesInDays ?? -Infinity);
      expect(interest.receivedInDays).toBeGreaterThanOrEqual(opportunity?.publishedInDays ?? Infinity);
    }
    const overfilled = opportunities.filter((row) => {
      const taken = interests.filter((interest) => interest.opportunity === row.slug && interest.state === 'accepted');
      return taken.length > row.places;
    });
    expect(overfilled).toEqual([]);
  });
});
