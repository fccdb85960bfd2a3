import { Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Jobs } from '../../kernel/jobs/jobs';
import { DiversityDb } from '../door/diversity-db';
import { ANSWER_COLUMNS } from './answer-columns';

const COLUMNS = [
  ...['pseudonym', 'from', 'until', 'version', 'questionnaire', 'questionnaire_version', 'channel', 'basis', 'wording'],
  ...ANSWER_COLUMNS,
]
  .map((name) => `"${name}"`)
  .join(', ');

/** Rows that the last days touched, written anew in no order. */
const MIX = `
  WITH gone AS (
    DELETE FROM edi_answers.answer_set WHERE "from" >= $1::date - 2 OR until >= $1::date - 2 RETURNING ${COLUMNS}
  )
  INSERT INTO edi_answers.answer_set (${COLUMNS}) SELECT ${COLUMNS} FROM gone ORDER BY random()`;
const MIX_OBJECTIONS = `
  WITH gone AS (DELETE FROM edi_answers.objection WHERE since >= $1::date - 2 RETURNING pseudonym, since, wording)
  INSERT INTO edi_answers.objection (pseudonym, since, wording) SELECT pseudonym, since, wording FROM gone ORDER BY random()`;
const MIX_ADDRESSES = `
  WITH gone AS (DELETE FROM edi_answers.objection_by_address WHERE since >= $1::date - 2 RETURNING objector, address, since)
  INSERT INTO edi_answers.objection_by_address (objector, address, since) SELECT objector, address, since FROM gone ORDER BY random()`;

/**
 * A row carries the number of the transaction that wrote it, and the audit row beside it the same: whoever owns the database could lay one
 * beside the other. So each night what the last days brought is written anew, all in one transaction. What is left to tell is the day.
 */
@Injectable()
export class Mixing implements OnModuleInit {
  constructor(
    private readonly diversity: DiversityDb,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.work('diversity.mix', () => this.run());
    this.jobs.every('41 1 * * *', 'diversity.mix');
  }

  /** Does it now. */
  async run(): Promise<void> {
    await this.diversity.write(theService(), async (tx) => {
      await tx.query(
        'LOCK TABLE edi_answers.answer_set, edi_answers.objection, edi_answers.objection_by_address IN SHARE ROW EXCLUSIVE MODE',
      );
      await tx.query(MIX, [this.clock.today()]);
      await tx.query(MIX_OBJECTIONS, [this.clock.today()]);
      await tx.query(MIX_ADDRESSES, [this.clock.today()]);
    });
  }
}
