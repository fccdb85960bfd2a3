import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { Consents } from '../../kernel/privacy/consents';
import { contributorStands, fixedId } from '../../people';
import { AnswerStore } from '../answers/answer-store';
import { AnswerBasis, type AnswerChannel } from '../answers/answers.dto';
import { ObjectionService } from '../answers/objection.service';
import { QUESTIONNAIRE } from '../answers/answers.service';
import { DiversityDb } from '../door/diversity-db';

/** own-answers.json */
interface OwnAnswers {
  objects: string[];
  rows: {
    slug: string;
    yearOfBirth: number;
    sex: string;
    genderIdentity: string;
    ethnicBackground: string;
    longTermCondition: string;
    activityLimited: string | null;
    impairment: string[] | null;
    religion: string;
    sexualOrientation: string | null;
    unpaidCare: string;
    socioEconomicBackground: string;
    mainLanguage: string;
    channel: AnswerChannel;
  }[];
}

/** Diversity answers of the made-up contributors, given on the day on which the demonstration is loaded. */
@Injectable()
export class DemonstrationAnswers {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
    private readonly store: AnswerStore,
    private readonly consents: Consents,
    private readonly objections: ObjectionService,
  ) {}

  async load(): Promise<void> {
    const { rows, objects } = JSON.parse(readFileSync(join(__dirname, 'own-answers.json'), 'utf8')) as OwnAnswers;
    const regions = await this.regions();
    await this.diversity.write(theService(), async (tx) => {
      for (const row of rows) {
        const contributorId = fixedId('contributor', row.slug);
        if (!(await contributorStands(this.db, contributorId))) continue;
        await this.store.write(tx, {
          ...{ contributorId, questionnaire: QUESTIONNAIRE, mode: 'replace', channel: row.channel },
          basis: AnswerBasis.Monitoring,
          columns: {
            ...{ year_of_birth: row.yearOfBirth, sex: row.sex, gender_identity: row.genderIdentity },
            ...{ ethnic_group: row.ethnicBackground.split('-')[0] ?? null, ethnic_background: row.ethnicBackground },
            ...{ background_list: 'ethnic-background/1', background_code: row.ethnicBackground },
            ...{ long_term_condition: row.longTermCondition, activity_limited: row.activityLimited },
            ...{ impairment: row.impairment, religion: row.religion, sexual_orientation: row.sexualOrientation },
            ...{ unpaid_care: row.unpaidCare, socio_economic_background: row.socioEconomicBackground },
            ...{ region: regions.get(contributorId) ?? null, main_language: row.mainLanguage },
          },
        });
      }
    });
    await this.db.write(theService(), async (tx) => {
      for (const slug of objects) {
        const personId = fixedId('contributor', slug);
        if (!(await contributorStands(tx, personId))) continue;
        await this.consents.object(tx, { personId, purpose: AnswerBasis.Monitoring, how: 'phone' });
        await this.objections.end(tx, personId);
      }
    });
  }

  /** Regions of the made-up contributors, who live where their postcodes say. */
  private async regions(): Promise<Map<string, string | null>> {
    const found = await this.db.query<{ id: string; region_code: string | null }>(
      'SELECT id, region_code FROM people.contributor',
    );
    return new Map(found.map((row) => [row.id, row.region_code]));
  }
}
