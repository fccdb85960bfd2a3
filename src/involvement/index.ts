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
