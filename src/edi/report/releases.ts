import type { PublishedRelease } from '../release/published';

/** A file of a release, as it was made when the release was published. */
export interface ReleaseFile {
  /** Its name, such as `all.csv` or `tables/all-registered-age.svg`. */
  name: string;
  mediaType: string;
  bytes: Buffer;
}

/** What reports ask of the releases. Only what was published is told; the releases' own folder answers. */
export abstract class Releases {
  /** The newest published release (`latest`) or the one with this id, superseded ones too. @throws NotFound */
  abstract published(which: string): Promise<PublishedRelease>;
  /** Every release that was ever published, oldest first. */
  abstract all(): Promise<PublishedRelease[]>;
  /** A file of a release by name. @throws NotFound */
  abstract file(which: string, name: string): Promise<ReleaseFile & { sha256: string }>;
}
