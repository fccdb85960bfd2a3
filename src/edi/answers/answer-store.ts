import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound, Refused, Stale } from '../../kernel/errors/problem';
import { lockPerson } from '../../kernel/privacy/person-lock';
import { Purposes, type Purpose } from '../../kernel/privacy/purposes';
import { addressOf, contributorStands } from '../../people';
import { DiversityDb } from '../door/diversity-db';
import { Pseudonyms } from '../door/pseudonym';
import { AnswersEvent } from '../events';
import { addedTo, ANSWER_COLUMNS, NO_ANSWERS, type AnswerColumns } from './answer-columns';
import { AnswerBasis, type AnswerChannel } from './answers.dto';

/** Answers as a row keeps them. */
export interface StoredAnswers extends AnswerColumns {
  from: string;
  until: string | null;
  version: number;
  questionnaire: string;
  questionnaire_version: number;
  channel: AnswerChannel;
  basis: AnswerBasis;
  wording: string;
  disability: string | null;
  /** Age band on the day asked for. */
  age: string;
}

/** What is written. */
export interface Entry {
  contributorId: string;
  questionnaire: { key: string; version: number };
  columns: Partial<AnswerColumns>;
  /** Whether what was not sent is cleared, or left as it was. */
  mode: 'replace' | 'add';
  channel: AnswerChannel;
  basis: AnswerBasis;
  /** The version that the caller has read; not given by those who may not read. */
  version?: number;
}

const NAMES = ANSWER_COLUMNS.map((name) => `"${name}"`).join(', ');
const ROW = `"from", until, version, questionnaire, questionnaire_version, channel, basis, wording, disability, ${NAMES}`;
/** Types of the columns that are no text. */
const CAST = (name: keyof AnswerColumns): string =>
  name === 'year_of_birth' ? 'smallint' : name === 'impairment' ? 'text[]' : 'text';
const PLACES = ANSWER_COLUMNS.map((name, i) => `$${i + 9}::${CAST(name)}`).join(', ');
const SETS = ANSWER_COLUMNS.map((name, i) => `"${name}" = $${i + 9}::${CAST(name)}`).join(', ');

/** Reads and writes answers by pseudonym, through the diversity login only. */
@Injectable()
export class AnswerStore {
  constructor(
    private readonly diversity: DiversityDb,
    private readonly db: Db,
    private readonly pseudonyms: Pseudonyms,
    private readonly purposes: Purposes,
    private readonly clock: Clock,
  ) {}

  /** The answers that stood on a day; null where none did. */
  async on(contributorId: string, day: string): Promise<StoredAnswers | null> {
    const [found] = await this.diversity.query<StoredAnswers>(
      `SELECT ${ROW}, edi_answers.age_on(year_of_birth, age_band, $2::date) AS age FROM edi_answers.answer_set
       WHERE pseudonym = $1 AND "from" <= $2::date AND (until IS NULL OR until > $2::date)`,
      [this.pseudonyms.ofContributor(contributorId), day],
    );
    return found ?? null;
  }

  /** Every row there is of a person, for a copy of their data. */
  async all(contributorId: string): Promise<StoredAnswers[]> {
    return this.diversity.query<StoredAnswers>(
      `SELECT ${ROW}, edi_answers.age_on(year_of_birth, age_band, "from") AS age FROM edi_answers.answer_set
       WHERE pseudonym = $1 ORDER BY "from"`,
      [this.pseudonyms.ofContributor(contributorId)],
    );
  }

  /** What organisations returned about the person under this pseudonym, for a copy of their data. */
  async returned(contributorId: string): Promise<object[]> {
    return this.diversity.query<object>(
      `SELECT to_jsonb(r) - 'id' - 'pseudonym' AS "asReturned" FROM edi_answers.returned_row r WHERE r.pseudonym = ANY ($1::bytea[]) ORDER BY r.return_id`,
      [await this.known(contributorId)],
    );
  }

  /** The releases in which the person was counted, for a copy of their data. */
  async counted(contributorId: string): Promise<object[]> {
    return this.diversity.query<object>(
      `SELECT l.title AS release, m.stage FROM edi_snapshot.member m
       JOIN edi_snapshot.unit u ON u.refreshed_in = m.release_id AND u.organisation_id = m.organisation_id
       JOIN edi.release l ON l.id = u.release_id
       WHERE m.pseudonym = $1 ORDER BY l.id`,
      [this.pseudonyms.ofContributor(contributorId)],
    );
  }

  /** Since when the person's objection stands; null where none does. */
  async objectedOn(contributorId: string): Promise<string | null> {
    const [found] = await this.diversity.query<{ since: string }>(
      'SELECT since FROM edi_answers.objection WHERE pseudonym = $1',
      [this.pseudonyms.ofContributor(contributorId)],
    );
    return found?.since ?? null;
  }

  /** Since when addresses of the person are remembered with their objection, for a copy of their data. */
  async addresses(contributorId: string): Promise<object[]> {
    return this.diversity.query<object>('SELECT since FROM edi_answers.objection_by_address WHERE objector = $1', [
      this.pseudonyms.ofContributor(contributorId),
    ]);
  }

  /** Writes answers from today on; answers the version. Part of the caller's transaction. */
  async write(tx: Tx, entry: Entry): Promise<number> {
    const { contributorId } = entry;
    await this.stands(tx, contributorId);
    const who = this.pseudonyms.ofContributor(contributorId);
    const today = this.clock.today();
    const [current] = await tx.query<StoredAnswers>(
      `SELECT ${ROW} FROM edi_answers.answer_set WHERE pseudonym = $1 AND until IS NULL`,
      [who],
    );
    if (entry.version !== undefined && entry.version !== (current?.version ?? 0)) throw new Stale();
    const adding = current !== undefined && entry.mode === 'add';
    // What rests on agreement goes on resting on it, whatever is added by others.
    const basis = adding && current.basis === AnswerBasis.Consent ? AnswerBasis.Consent : entry.basis;
    const purpose = await this.allowed(tx, contributorId, basis, entry.channel);
    const values =
      entry.mode === 'add' ? addedTo(current ?? NO_ANSWERS, entry.columns) : { ...NO_ANSWERS, ...entry.columns };
    const version = (current?.version ?? 0) + 1;
    if (current && current.from < today)
      await tx.query('UPDATE edi_answers.answer_set SET until = $2 WHERE pseudonym = $1 AND until IS NULL', [
        who,
        today,
      ]);
    const { key, version: questionnaireVersion } = entry.questionnaire;
    await tx.query(
      `INSERT INTO edi_answers.answer_set
         (pseudonym, "from", version, questionnaire, questionnaire_version, channel, basis, wording, ${NAMES})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${PLACES})
       ON CONFLICT (pseudonym, "from") DO UPDATE SET version = $3, questionnaire = $4, questionnaire_version = $5, channel = $6,
         basis = $7, wording = $8, ${SETS}`,
      [
        ...[who, today, version, key, questionnaireVersion, entry.channel, basis, purpose.wordingVersion],
        ...ANSWER_COLUMNS.map((name) => values[name]),
      ],
    );
    this.tell(tx, 'answered', AnswersEvent.Given, contributorId, version, basis, { channel: entry.channel });
    return version;
  }

  /** Withdraws all answers: they are deleted, those of earlier days too. */
  async withdraw(tx: Tx, contributorId: string, version: number): Promise<void> {
    await this.stands(tx, contributorId);
    const gone = await tx.query<{ version: number; basis: AnswerBasis; until: string | null }>(
      'DELETE FROM edi_answers.answer_set WHERE pseudonym = $1 RETURNING version, basis, until',
      [this.pseudonyms.ofContributor(contributorId)],
    );
    const current = gone.find((row) => row.until === null);
    if (!current) throw new NotFound('You have no diversity answers here.');
    if (current.version !== version) throw new Stale();
    await tx.query('SELECT edi_answers.empty_returned_rows($1)', [await this.known(contributorId)]);
    this.tell(tx, 'withdrew', AnswersEvent.Withdrawn, contributorId, version + 1, current.basis);
  }

  /** The pseudonyms that are the person's alone: of the record, and of an address that nobody else has. */
  private async known(contributorId: string): Promise<Buffer[]> {
    const { emailIndex, sharedWith } = await addressOf(this.db, contributorId);
    const own = this.pseudonyms.ofContributor(contributorId);
    return emailIndex && sharedWith.length === 0 ? [own, this.pseudonyms.ofAddress(emailIndex)] : [own];
  }

  /** Audit row and event. Neither says what was answered, nor leads to the row: its id is nowhere. */
  private tell(
    tx: Tx,
    action: string,
    type: string,
    contributorId: string,
    version: number,
    basis: AnswerBasis,
    data: Record<string, string> = {},
  ): void {
    tx.audit(action, 'diversity_answers', contributorId, {
      personId: contributorId,
      actingFor: tx.actor.actsFor(contributorId),
      purpose: basis,
    });
    tx.emit({ type, subject: 'diversity-answers', subjectId: contributorId, version, data });
  }

  /** Keeps erasure, objection and withdrawal of consent waiting until the transaction ends; refuses where one came before. */
  private async stands(tx: Tx, contributorId: string): Promise<void> {
    await lockPerson(tx, contributorId);
    if (!(await contributorStands(this.db, contributorId))) throw new NotFound();
  }

  /** Somebody else may not write where an objector has the record's address: it may be a second record of theirs. The person may. */
  private async allowed(tx: Tx, contributorId: string, basis: AnswerBasis, channel: AnswerChannel): Promise<Purpose> {
    const { emailIndex } = await addressOf(this.db, contributorId);
    const address = emailIndex && channel !== 'person' ? this.pseudonyms.ofAddress(emailIndex) : null;
    const [objected] = await tx.query(
      `SELECT 1 FROM edi_answers.objection WHERE pseudonym = $1
       UNION ALL SELECT 1 FROM edi_answers.objection_by_address WHERE address = $2`,
      [this.pseudonyms.ofContributor(contributorId), address],
    );
    if (objected)
      throw new Conflict(
        'objection_stands',
        'The person objects to equality monitoring, so nothing can be entered. Only they can take that back.',
      );
    if (basis === AnswerBasis.Consent && !(await this.purposes.mayUse(contributorId, basis)))
      throw new Refused(
        'consent_needed',
        'Without the person’s agreement nothing can be held on this basis. Record their consent to diversity-by-consent first.',
      );
    return this.purpose(basis);
  }

  /** The purpose in its newest wording. */
  async purpose(basis: AnswerBasis): Promise<Purpose> {
    const found = (await this.purposes.all()).find((purpose) => purpose.slug === basis);
    if (!found) throw new Error(`The reference data have no purpose ${basis}`);
    return found;
  }
}
