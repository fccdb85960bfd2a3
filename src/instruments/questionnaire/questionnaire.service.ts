import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { NotFound } from '../../kernel/errors/problem';
import type { FhirQuestionnaire } from './fhir';
import type { QuestionnaireList, QuestionnaireSummary } from './questionnaire.dto';

/** Questionnaires, as they are stored: FHIR R4. */
@Injectable()
export class QuestionnaireService {
  constructor(private readonly db: Db) {}

  async all(): Promise<QuestionnaireList> {
    return {
      data: await this.db.query<QuestionnaireSummary>(
        'SELECT key, version, title, source, verified FROM instruments.questionnaire ORDER BY key, version',
      ),
    };
  }

  /** One version of a questionnaire; the newest where none is said. */
  async one(key: string, version: number | null = null): Promise<FhirQuestionnaire> {
    const [found] = await this.db.query<{ resource: FhirQuestionnaire }>(
      `SELECT resource FROM instruments.questionnaire WHERE key = $1 AND ($2::integer IS NULL OR version = $2)
       ORDER BY version DESC LIMIT 1`,
      [key, version],
    );
    if (!found) throw new NotFound();
    return found.resource;
  }
}
