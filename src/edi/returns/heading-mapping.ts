import type { Query } from '../../kernel/privacy/query';
import type { CodeMeaning, HeadingMeaning } from './heading-mapping.entity';
import { Mapping, NO_MAPPING } from './reading/headings';
import { plain } from './reading/vocabulary';

/** An organisation's own headings and codes, as files are read with them. */
export async function readMapping(q: Query, organisationId: string): Promise<Mapping> {
  const [found] = await q.query<{ headings: HeadingMeaning[]; codes: CodeMeaning[] }>(
    'SELECT headings, codes FROM edi.heading_mapping WHERE organisation_id = $1',
    [organisationId],
  );
  return found ? mappingOf(found) : NO_MAPPING;
}

export function mappingOf({
  headings,
  codes,
}: {
  headings: readonly HeadingMeaning[];
  codes: readonly CodeMeaning[];
}): Mapping {
  const byCharacteristic = new Map<string, Map<string, string>>();
  for (const { characteristic, written, means } of codes) {
    const known = byCharacteristic.get(characteristic) ?? new Map<string, string>();
    byCharacteristic.set(characteristic, known.set(plain(written), means));
  }
  return { headings: new Map(headings.map(({ written, means }) => [plain(written), means])), codes: byCharacteristic };
}
