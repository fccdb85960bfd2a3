/**
 * Shapes of the reference data files in this folder.
 *
 * Every file has a header (`about`, and where it holds for all rows `source` and `verified`) and `rows`.
 * `verified: false` means general knowledge or inference: an administrator is to check and replace it.
 */
export interface ReferenceFile<Row> {
  about: string;
  /** Where all rows come from, unless a row names its own source. */
  source?: string;
  verified?: boolean;
  rows: Row[];
}

/** organisations.json */
export interface ReferenceOrganisation {
  slug: string;
  name: string;
  kind:
    | 'coordinating-centre'
    | 'regional-network'
    | 'biomedical-research-centre'
    | 'research-support-hub'
    | 'funding-programme'
    | 'university'
    | 'nhs-body'
    | 'charity'
    | 'community-group'
    | 'other';
  /** GSS code of the main English region; null where it has none or serves the whole nation. */
  region: string | null;
  /** GSS code of the nation. */
  nation: string;
  /** First day (YYYY-MM-DD); null where it was not read. */
  from: string | null;
  /** First day on which it no longer holds (YYYY-MM-DD); null while open. */
  until: string | null;
  /** Slug of the organisation that hosts it; its row stands earlier in the file. */
  host: string | null;
  /** What it follows. `part`: only part of the predecessor passed to it. `verified`: this succession was read, not inferred. */
  predecessors: { slug: string; part: boolean; verified: boolean }[];
  identifiers: { scheme: string; value: string }[];
  /** Address of the page that was read, or `general knowledge`. */
  source: string;
  verified: boolean;
  note: string | null;
}

/** regions.json: nations and English regions. */
export interface ReferenceRegion {
  /** GSS code. */
  code: string;
  name: string;
  welshName: string | null;
  kind: 'nation' | 'english-region';
  /** GSS code of the nation it belongs to (its own code for a nation). */
  nation: string;
  source: string;
  verified: boolean;
}

/** health-categories.json */
export interface ReferenceHealthCategory {
  slug: string;
  name: string;
  description: string;
  verified: boolean;
}

/** postcode-areas.json; its header also has `accuracyKm`. */
export interface ReferencePostcodeArea {
  /** Letters that begin the outward postcode, such as `LS`. */
  area: string;
  /** Main town. */
  name: string;
  /** Degrees north. */
  latitude: number;
  /** Degrees east, so most are negative. */
  longitude: number;
  /** GSS code of the English region or nation of the main town. */
  region: string;
  /** How far out the point may be, in kilometres; absent: the header's figure. */
  accuracyKm?: number;
  note?: string;
}

/** languages.json */
export interface ReferenceLanguage {
  /** BCP 47 tag. */
  code: string;
  name: string;
  /** The language's name in itself. */
  ownName: string;
}

/** purposes.json */
export interface ReferencePurpose {
  slug: string;
  name: string;
  /** What the data is used for. */
  purpose: string;
  controller: string;
  lawfulBasis: string;
  specialCategoryCondition: string | null;
  consentBased: boolean;
  objectionAllowed: boolean;
  /** ISO 8601 duration, and the event from which it runs. */
  retention: { duration: string; after: string };
  wordingVersion: string;
  wording: string;
  verified: boolean;
}
