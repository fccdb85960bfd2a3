import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { NotFound } from '../../kernel/errors/problem';
import type { CodeList, CodeListList, CodeListSummary, Mapping, MappingList } from './code-list.dto';

/** Lists of answers that can be chosen, and what a code of one is in another. */
@Injectable()
export class CodeListService {
  constructor(private readonly db: Db) {}

  async all(): Promise<CodeListList> {
    return {
      data: await this.db.query<CodeListSummary>(
        'SELECT key, version, name, about, source, verified FROM instruments.code_list ORDER BY key, version',
      ),
    };
  }

  /** One version of a list with its codes; the newest where none is said. */
  async one(key: string, version?: number): Promise<CodeList> {
    const [list] = await this.db.query<CodeListSummary>(
      `SELECT key, version, name, about, source, verified FROM instruments.code_list
       WHERE key = $1 AND ($2::integer IS NULL OR version = $2) ORDER BY version DESC LIMIT 1`,
      [key, version ?? null],
    );
    if (!list) throw new NotFound();
    const codes = await this.db.query<CodeList['codes'][number]>(
      `SELECT code, label, welsh_label AS "welshLabel", unknown, alone FROM instruments.code
       WHERE list = $1 AND list_version = $2 ORDER BY place`,
      [key, list.version],
    );
    return { ...list, codes };
  }

  async mappings(key: string, { version, to }: { version?: number; to?: string }): Promise<MappingList> {
    const list = await this.one(key, version);
    const data = await this.db.query<Mapping>(
      `SELECT m.from_code AS code, m.to_list AS "toList", m.to_version AS "toVersion", m.to_code AS "toCode", m.note, m.source, m.verified
       FROM instruments.mapping m
       JOIN instruments.code c ON c.list = m.from_list AND c.list_version = m.from_version AND c.code = m.from_code
       WHERE m.from_list = $1 AND m.from_version = $2 AND ($3::text IS NULL OR m.to_list = $3)
       ORDER BY m.to_list, m.to_version, c.place`,
      [key, list.version, to ?? null],
    );
    return { data };
  }
}
