import { PickType } from '@nestjs/swagger';
import { Json } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { DEFAULT_CATALOGUE } from './catalogue';
import { Release } from './release.entity';
import { ReleaseCatalogueBody } from './release-parts';
import { ReleaseView } from './release-view';

/** What a release is to be made of. */
export class NewRelease extends PickType(Release, [
  'title',
  'from',
  'until',
  'collectionId',
  'threshold',
  'thresholds',
  'base',
] as const) {
  @Json(() => ReleaseCatalogueBody, 'The tables to publish, if not the usual ones.', {
    virtual: true,
    optional: true,
    example: DEFAULT_CATALOGUE,
  })
  catalogue?: ReleaseCatalogueBody | null;
}

export class ReleaseQuery extends PageQuery {}

export class ReleasePage extends PageOf(ReleaseView) {}
