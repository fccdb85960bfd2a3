import type { Tx } from '../../kernel/db/tx';
import type { Fault } from '../../kernel/errors/problem';
import type { Content } from './opportunity-content';

/** Health categories and languages that are not in the reference data, each as a fault. */
export async function unknownReferences(tx: Tx, { healthCategories, languages }: Partial<Content>): Promise<Fault[]> {
  if (!healthCategories?.length && !languages?.length) return [];
  const rows = await tx.query<{ field: string; value: string }>(
    `SELECT 'healthCategories' AS field, v.value FROM unnest($1::text[]) AS v(value)
       WHERE NOT EXISTS (SELECT FROM people.health_category c WHERE c.slug = v.value)
     UNION ALL
     SELECT 'languages', v.value FROM unnest($2::text[]) AS v(value)
       WHERE NOT EXISTS (SELECT FROM people.language l WHERE l.code = v.value)`,
    [healthCategories ?? [], languages ?? []],
  );
  return rows.map(({ field, value }): Fault => {
    const list = field === 'languages' ? languages : healthCategories;
    const where = field === 'languages' ? '/v1/languages' : '/v1/health-categories';
    return {
      in: 'body',
      at: `/${field}/${list?.indexOf(value) ?? 0}`,
      code: 'not_in_reference_data',
      message: `"${value}" is not known here. GET ${where} lists those that are.`,
    };
  });
}
