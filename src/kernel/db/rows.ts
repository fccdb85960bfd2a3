import { EntityMetadata } from 'typeorm';
import type { StoredRecord } from './record';

/** A class of stored records. */
export type RecordType<E extends StoredRecord> = (new () => E) & { prototype: E };

/** The columns of an entity as SQL, in the order of its definition. */
export function columnList(meta: EntityMetadata, alias?: string): string {
  return meta.columns
    .filter((c) => c.isSelect)
    .map((c) => `${alias ? `${alias}.` : ''}"${c.databaseName}"`)
    .join(', ');
}

/** The table of an entity as SQL. */
export const tableOf = (meta: EntityMetadata): string =>
  meta.schema ? `"${meta.schema}"."${meta.tableName}"` : `"${meta.tableName}"`;

/** A row of the database as a record of the class. */
export function toRecord<E extends object>(type: new () => E, meta: EntityMetadata, row: Record<string, unknown>): E {
  const record = new type() as Record<string, unknown>;
  for (const column of meta.columns)
    if (column.databaseName in row) record[column.propertyName] = row[column.databaseName];
  return record as E;
}

/** The named fields of a record as columns and values; undefined ones are left out. A name that is no field is a mistake in the code. */
export function toColumns(meta: EntityMetadata, data: object): { column: string; property: string; value: unknown }[] {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([property, value]) => {
      const column = meta.findColumnWithPropertyName(property);
      if (!column) throw new Error(`${meta.name} has no field ${property}`);
      return {
        column: column.databaseName,
        property,
        value: (column.type === 'jsonb' && value !== null ? JSON.stringify(value) : value) as unknown,
      };
    });
}
