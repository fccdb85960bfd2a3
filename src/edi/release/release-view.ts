import { ApiProperty, PickType } from '@nestjs/swagger';
import { engineParameters, thresholdsOf } from './catalogue';
import { Certificate, CharacteristicThreshold } from './release-parts';
import { Release } from './release.entity';

/** Why nothing came of a release. */
export class ReleaseRefusal {
  @ApiProperty({ type: String, description: 'Why, as a code.', example: 'not_proven_safe' })
  code: string;

  @ApiProperty({ type: String, description: 'Why, in plain English.' })
  detail: string;

  @ApiProperty({ type: String, nullable: true, description: 'The table that could not be shown to be safe.' })
  table: string | null;
}

const TOLD = [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'number',
  'title',
  'from',
  'until',
  'collectionId',
  'state',
  'step',
  'progress',
  'threshold',
  'thresholds',
  'base',
  'catalogue',
  'catalogueHash',
  'snapshotOn',
  'previousId',
  'certificateHash',
  'signedAt',
  'publishedAt',
  'supersededAt',
] as const;

/** A release. What only those who make releases may see is null for everybody else. */
export class ReleaseView extends PickType(Release, TOLD) {
  @ApiProperty({ type: [String], description: 'What a reader must know, in plain sentences.' })
  notes: string[];

  @ApiProperty({
    type: Certificate,
    nullable: true,
    description: 'The proof. For those who make releases: how many figures were small says something about them.',
  })
  certificate: Certificate | null;

  @ApiProperty({ type: ReleaseRefusal, nullable: true, description: 'Why nothing came of it; null otherwise.' })
  refusal: ReleaseRefusal | null;
}

/** A release as it is told; `inside` to those who make releases. */
export function releaseView(release: Release, inside: boolean): ReleaseView {
  const { content, certificate, refusalCode, refusalDetail, refusalTable } = release;
  const refused = refusalCode !== null && refusalDetail !== null;
  return Object.assign(new ReleaseView(), Object.fromEntries(TOLD.map((name) => [name, release[name]])), {
    thresholds: effectiveThresholds(release),
    notes: content?.notes ?? [],
    certificate: inside ? certificate : null,
    refusal: refused ? { code: refusalCode, detail: refusalDetail, table: refusalTable } : null,
  });
}

/** Thresholds as they are applied, those that the service always keeps higher among them. */
const effectiveThresholds = (release: Release): CharacteristicThreshold[] =>
  Object.entries(thresholdsOf(engineParameters(release.rules()))).map(([characteristic, threshold]) => ({
    characteristic,
    threshold,
  }));
