import type { ReturnForm } from '../../collection/collection.entity';
import { COLUMNS } from '../reading/headings';
import type { Vocabulary } from '../reading/vocabulary';

/** Forms that have a file. */
export type FileForm = Exclude<ReturnForm, 'live'>;

/** What a template is made of: the table to fill in, and what may be written in it. */
export interface Template {
  title: string;
  form: FileForm;
  /** How to fill it in, in plain sentences. */
  guidance: string[];
  headings: string[];
  /** Rows that are there already: every answer to be counted, or none. */
  rows: string[][];
  /** Every code with its question, in the order of the columns. */
  codes: { question: string; code: string; label: string; column: number }[];
  /** Columns that are no question: what may be written there. */
  columns: { heading: string; means: string }[];
}

interface Round {
  title: string;
  from: string;
  until: string;
  dueOn: string;
  questionSetVersion: number;
}

const WHO: Readonly<Record<FileForm, string>> = {
  'identified-rows':
    'One row for each person. Say who each is, by e-mail address; or head that column Reference or Contributor id. Identifiers are made pseudonyms before anything is stored.',
  'anonymous-rows':
    'One row for each person. Write nothing that tells who somebody is: no names, addresses, numbers or notes.',
  counts:
    'One row for each answer. Write how many people gave it: a number, 0, a range such as <5, or * where it is withheld. Rows of a question that you did not ask stay empty.',
};

/** The template of a collection for one form of return. */
export function templateOf(round: Round, form: FileForm, vocabulary: Vocabulary): Template {
  const { characteristics } = vocabulary;
  const counts = form === 'counts';
  const extra = counts ? [] : [...(form === 'identified-rows' ? [COLUMNS.email] : []), COLUMNS.stage];
  const first = extra.length;
  const codes = characteristics.flatMap(({ key, label }, i) =>
    vocabulary.codes(key).map((one) => ({ question: label, code: one.code, label: one.label, column: first + i })),
  );
  return {
    title: round.title,
    form,
    guidance: [
      `Return for the time from ${round.from} to the day before ${round.until}, due on ${round.dueOn}.`,
      WHO[form],
      'Write answers as their code or label. Leave a cell empty where somebody was not asked or did not answer; write "prefer-not-to-say" where they said so.',
      ...(counts
        ? [
            'The answers to one question add up to the same number of people as those to any other, "Not known" and "Prefer not to say" included.',
          ]
        : [
            'In place of Age you may have a column Year of birth or Date of birth, and in place of Region a column Postcode.',
            'Several answers in one cell, where a question allows it, are separated by semicolons.',
          ]),
      `Version ${round.questionSetVersion} of the questions.`,
      'Columns may stand in any order, and may be left out. Use no formulas and no merged cells.',
    ],
    headings: counts
      ? ['Characteristic', 'Category', 'Stage', 'Count']
      : [...extra, ...characteristics].map(({ label }) => label),
    rows: counts ? codes.map(({ question, label }) => [question, label, 'registered', '']) : [],
    codes,
    columns: extra.map(({ label, means }) => ({ heading: label, means })),
  };
}
