/** The whole public face of the involvement area: the facts that it tells. Records and services stay inside. */
export {
  ActivityEvent,
  DrawEvent,
  InterestEvent,
  InvolvementEvent,
  NoticeEvent,
  OpportunityEvent,
  OpportunityStep,
  ProjectEvent,
  ReportEvent,
} from './events';
/** How far each contributor came in a period, for statistics that count everybody once, at home. */
export { furthestStages, STAGES } from './stage/furthest-stages';
export type { FurthestStage, Stage } from './stage/furthest-stages';
/** Whose interest a site sent, so that it may send more about that person. */
export { contributorOfSentInterest } from './interest/sent-interest';
/** The reach of whole quarters, which everybody is told with the release that covers them. */
export { quartersIn } from './reach/disclosure';
export { releaseReach } from './reach/released-reach';
