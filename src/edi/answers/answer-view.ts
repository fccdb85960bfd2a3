import type { Question } from '../../instruments';
import type { Purpose } from '../../kernel/privacy/purposes';
import { columnOf, UNSAID } from './answer-columns';
import type { StoredAnswers } from './answer-store';
import { AnswerBasis, AnswerState, type Answer, type CountedAs, type Kept, type OwnAnswers } from './answers.dto';

const UNKNOWN = 'not-known';

/** A person's answers, as the person reads them. */
export function ownAnswers(
  contributorId: string,
  stored: StoredAnswers | null,
  questions: readonly Question[],
  objectedOn: string | null,
  purpose: Purpose,
): OwnAnswers {
  return {
    id: contributorId,
    version: stored?.version ?? 0,
    questionnaire: stored?.questionnaire ?? null,
    questionnaireVersion: stored?.questionnaire_version ?? null,
    from: stored?.from ?? null,
    until: stored?.until ?? null,
    channel: stored?.channel ?? null,
    objectedOn,
    answers: stored ? questions.map((question) => answerOf(question, stored)) : [],
    countedAs: stored ? countedAs(stored) : [],
    kept: keptUnder(purpose),
  };
}

function answerOf(question: Question, stored: StoredAnswers): Answer {
  const { linkId } = question;
  const codes = codesOf(linkId, stored);
  const list = linkId === 'ethnic-background' ? stored.background_list : (question.offers[0]?.list ?? null);
  const yearOfBirth = linkId === 'year-of-birth' ? stored.year_of_birth : null;
  const state =
    codes[0] === UNSAID
      ? AnswerState.PrefersNotToSay
      : codes.length > 0 || yearOfBirth !== null
        ? AnswerState.Answered
        : AnswerState.NotAsked;
  const shown = state === AnswerState.Answered ? codes : [];
  return { question: linkId, state, codes: shown, list: shown.length > 0 ? list : null, yearOfBirth };
}

function codesOf(linkId: string, stored: StoredAnswers): string[] {
  if (linkId === 'year-of-birth') return [];
  if (linkId === 'age') return stored.age_band === null ? [] : [stored.age_band];
  if (linkId === 'impairment') return stored.impairment ?? [];
  if (linkId === 'ethnic-background')
    return [stored.background_code ?? stored.ethnic_background].filter((code) => code !== null);
  const column = columnOf(linkId);
  const value = column ? stored[column] : null;
  return typeof value === 'string' ? [value] : [];
}

/** What the answers count as: the same words as in a release. */
export function countedAs(stored: StoredAnswers): CountedAs[] {
  const codes: [string, string | string[] | null][] = [
    ['ethnic-group', stored.ethnic_group],
    ['ethnic-background', stored.ethnic_background],
    ['age', stored.age],
    ['sex', stored.sex],
    ['gender-identity', stored.gender_identity],
    ['disability', stored.disability],
    ['impairment', stored.impairment],
    ['religion', stored.religion],
    ['sexual-orientation', stored.sexual_orientation],
    ['unpaid-care', stored.unpaid_care],
    ['socio-economic-background', stored.socio_economic_background],
    ['region', stored.region],
    ['main-language', stored.main_language],
  ];
  return codes.map(([characteristic, value]) => ({
    characteristic,
    codes: value === null ? [UNKNOWN] : Array.isArray(value) ? value : [value],
  }));
}

/** Why answers are held, until when, and what a person can do about it. */
export function keptUnder(purpose: Purpose): Kept {
  const byConsent = purpose.consentBased;
  return {
    purpose: byConsent ? AnswerBasis.Consent : AnswerBasis.Monitoring,
    wordingVersion: purpose.wordingVersion,
    wording: purpose.wording,
    lawfulBasis: purpose.lawfulBasis,
    condition: purpose.specialCategoryCondition,
    until:
      'Until you take them back, or your record is erased: three years after you left the last organisation that you worked with.',
    afterwards: `${
      byConsent
        ? 'When you withdraw your answers or your agreement, all of them are deleted at once.'
        : 'When you withdraw them, all of them are deleted at once. When you object, they are deleted too, and only the objection is kept, under a name that leads to nobody without a key, so that nobody can enter them again.'
    } What an organisation returned about you is put to not known when you withdraw, and deleted when you object; it may return it again on its own ground unless you object. The next snapshot leaves you out; where too few people of an organisation changed, its earlier counts stand until enough have, yours among them without a name. Figures that were published before stay as they are: they are rounded, and hold no row about you. Backups are overwritten in time.`,
    seenBy:
      'You. Nobody else reads your own answers: not those who choose people, not those who pay. Whoever handles your request for a copy of all your data, or for its erasure, can, and you see that they did.',
  };
}
