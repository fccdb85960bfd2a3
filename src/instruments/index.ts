/** The whole public face of the instruments area: what a questionnaire asks, and what a code of one list is in another. */
export { codesOf, mapped, questionnaireOf } from './questions';
export type { OfferedCode, Question } from './questions';
