import type { Tx } from '../../kernel/db/tx';
import { personalTable, type Erased, type Stayed } from '../../kernel/privacy/personal';
import type { Query } from '../../kernel/privacy/query';
import { onMerge, whenAddressChanges, whenObjected, whenWithdrawn } from '../../people';
import { AnswerBasis } from './answers.dto';

/**
 * How answers are exported, erased and merged. They are found by pseudonym, which needs the key, and read through the other login, so the
 * module that has both says how.
 */
export const answering: {
  pseudonym: (contributorId: string) => Buffer;
  /** The pseudonym of the person's address, while they have one. */
  addressOf: (q: Query, contributorId: string) => Promise<Buffer | null>;
  /** Remembers addresses where the person objects. */
  remember: (tx: Tx, contributorId: string, ...alsoOf: string[]) => Promise<void>;
  answers: (contributorId: string) => Promise<object[]>;
  addresses: (contributorId: string) => Promise<object[]>;
  objections: (contributorId: string) => Promise<object[]>;
  returned: (contributorId: string) => Promise<object[]>;
  counted: (contributorId: string) => Promise<object[]>;
  objected: (tx: Tx, contributorId: string) => Promise<void>;
  takenBack: (tx: Tx, contributorId: string) => Promise<void>;
  forgotten: (tx: Tx, contributorId: string) => Promise<void>;
} = {
  pseudonym: () => {
    throw new Error('Nobody has said how pseudonyms are made');
  },
  addressOf: unready,
  remember: unready,
  answers: unready,
  addresses: unready,
  objections: unready,
  returned: unready,
  counted: unready,
  objected: unready,
  takenBack: unready,
  forgotten: unready,
};

function unready(): Promise<never> {
  return Promise.reject(new Error('Nobody has said how diversity answers are reached'));
}

const RELEASES: Stayed = {
  what: 'Figures of releases that were published before: rounded counts, without a row about anybody',
  rule: 'UK GDPR Recital 26: figures from which nobody can be told are no personal data',
};

personalTable({
  table: 'edi_answers.answer_set',
  person: 'pseudonym',
  heading: 'Your diversity answers',
  holds: 'What you said about yourself for equality monitoring, from day to day, and how it came to us',
  export: (_, id) => answering.answers(id),
  erase: async (tx, id) => {
    const [gone] = await tx.query<{ rows: number }>('SELECT edi.erase_answers($1) AS rows', [answering.pseudonym(id)]);
    const address = await answering.addressOf(tx, id);
    const [theirs] = address ? await tx.query<{ rows: number }>('SELECT edi.erase_answers($1) AS rows', [address]) : [];
    const went = (gone?.rows ?? 0) + (theirs?.rows ?? 0);
    return { went, stayed: went > 0 ? [RELEASES] : [] };
  },
  keptFor: 'Until you take them back, or for as long as you are registered',
  rule: 'UK GDPR Article 5(1)(e); Data Protection Act 2018, Schedule 1, paragraph 8',
  order: 50,
});

personalTable({
  table: 'edi_answers.objection',
  person: 'pseudonym',
  heading: 'Your objection to equality monitoring',
  holds: 'That you do not want diversity answers about you to be held, and since when',
  export: (_, id) => answering.objections(id),
  erase: async (tx, id) => {
    const [gone] = await tx.query<{ rows: number }>('SELECT edi.take_back_objection($1) AS rows', [
      answering.pseudonym(id),
    ]);
    return { went: gone?.rows ?? 0, stayed: [] };
  },
  keptFor: 'Until you take it back, or for as long as you are registered',
  rule: 'UK GDPR Article 21; Data Protection Act 2018, Schedule 1, paragraph 8(5)',
  order: 51,
});

personalTable({
  table: 'edi_answers.objection_by_address',
  person: 'objector',
  heading: 'Your addresses beside your objection to equality monitoring',
  holds: 'Since when e-mail addresses of yours are remembered, as pseudonyms, so that nobody enters answers under them',
  export: (_, id) => answering.addresses(id),
  erase: goesWithAnswers,
  keptFor: 'As long as the objection',
  rule: 'UK GDPR Article 21; Data Protection Act 2018, Schedule 1, paragraph 8(5)',
  order: 52,
});

personalTable({
  table: 'edi_answers.returned_row',
  person: 'pseudonym',
  heading: 'Diversity answers that an organisation returned about you',
  holds: 'What an organisation that you work with said about you in a return, where it named you',
  export: (_, id) => answering.returned(id),
  erase: goesWithAnswers,
  keptFor: 'Until the return is replaced, or for as long as you are registered',
  rule: 'UK GDPR Article 5(1)(e); Data Protection Act 2018, Schedule 1, paragraph 8',
  order: 51,
});

personalTable({
  table: 'edi_snapshot.member',
  person: 'pseudonym',
  heading: 'Releases of figures in which you were counted',
  holds: 'That you were counted in a release, and as what',
  export: (_, id) => answering.counted(id),
  erase: goesWithAnswers,
  keptFor:
    'Two years, and as long as these counts stand in the newest release; after an erasure without the name under which you were counted',
  rule: 'UK GDPR Article 5(1)(e) and Article 89(1), statistics',
  order: 51,
});

/** Whatever is kept under the same pseudonym goes, or loses it, together with the answers. */
function goesWithAnswers(): Promise<Erased> {
  return Promise.resolve({ went: 0, stayed: [] });
}

onMerge({
  table: 'edi_answers.answer_set',
  column: 'pseudonym',
  move: async (tx, kept, gone) => {
    await tx.query('SELECT edi.merge_answers($1, $2)', [answering.pseudonym(kept), answering.pseudonym(gone)]);
    await tx.query('SELECT edi.merge_addresses($1, $2)', [answering.pseudonym(kept), answering.pseudonym(gone)]);
    await answering.remember(tx, kept, gone);
  },
});

whenAddressChanges((tx, id) => answering.remember(tx, id));

whenObjected(AnswerBasis.Monitoring, {
  objected: (tx, id) => answering.objected(tx, id),
  takenBack: (tx, id) => answering.takenBack(tx, id),
});

whenWithdrawn(AnswerBasis.Consent, (tx, id) => answering.forgotten(tx, id));
