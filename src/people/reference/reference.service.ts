import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import type { HealthCategory, HealthCategoryList, Language, LanguageList, Region, RegionList } from './reference.dto';

/** The lists that records refer to by code. */
@Injectable()
export class ReferenceService {
  constructor(private readonly db: Db) {}

  async regions(): Promise<RegionList> {
    const data = await this.db.query<Region>(
      `SELECT code, name, welsh_name AS "welshName", kind, nation_code AS "nationCode", source, verified
       FROM people.region ORDER BY kind = 'english-region', name`,
    );
    return { data };
  }

  async healthCategories(): Promise<HealthCategoryList> {
    return {
      data: await this.db.query<HealthCategory>(
        'SELECT slug, name, description, source, verified FROM people.health_category ORDER BY place, slug',
      ),
    };
  }

  async languages(): Promise<LanguageList> {
    return {
      data: await this.db.query<Language>(
        'SELECT code, name, own_name AS "ownName", source, verified FROM people.language ORDER BY place, code',
      ),
    };
  }
}
