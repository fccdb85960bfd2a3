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

/** All texts of the demonstration. */
export interface Texts {
  organisations: DemonstrationOrganisation[];
  projects: DemonstrationProject[];
  opportunities: DemonstrationOpportunity[];
  contributors: DemonstrationContributor[];
  interests: DemonstrationInterest[];
  activities: DemonstrationActivity[];
}

/** Reads the texts beside this file. */
export function readTexts(): Texts {
  return {
    organisations: rowsOf('organisations.json'),
    projects: rowsOf('projects.json'),
    opportunities: rowsIn('opportunities'),
    contributors: rowsOf('contributors.json'),
    interests: rowsIn('interests'),
    activities: rowsOf('activities.json'),
  };
}

const rowsOf = <Row>(name: string): Row[] => JSON.parse(readFileSync(join(__dirname, name), 'utf8')) as Row[];

const rowsIn = <Row>(folder: string): Row[] =>
  readdirSync(join(__dirname, folder))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => rowsOf<Row>(join(folder, name)));
