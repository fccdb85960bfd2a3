/** What a type of event promises to whoever reads the log. */
export interface EventType {
  /** Subject and past tense: `opportunity.published`. */
  readonly type: string;
  /** Kind of record that it is about. */
  readonly subject: string;
  /** Whether anybody may see that it happened. */
  readonly public: boolean;
  /** What it says, in plain English. */
  readonly means: string;
  /** Each field of its data and what it holds: ids, codes, counts and dates. Never anything about a person. */
  readonly data: Readonly<Record<string, string>>;
}

/** The facts of an event that its declaration can judge. */
export interface EventFacts {
  type: string;
  subject: string;
  version: number;
  data?: Readonly<Record<string, unknown>>;
}

const declared = new Map<string, EventType>();

/** Declares a type of event. Areas do this in their `events.ts`, each type once; what is not declared cannot be told. */
export function eventType(given: Omit<EventType, 'data'> & { data?: EventType['data'] }): EventType {
  if (!/^[a-z]+(-[a-z]+)*(\.[a-z]+([-_][a-z]+)*)+$/.test(given.type)) {
    throw new Error(`Event type ${given.type} is not written subject.past-tense`);
  }
  if (declared.has(given.type)) throw new Error(`Event type ${given.type} is declared twice`);
  const made: EventType = Object.freeze({ ...given, data: Object.freeze({ ...given.data }) });
  declared.set(made.type, made);
  return made;
}

/** All declared types, by name. */
export const eventTypes = (): readonly EventType[] => [...declared.values()].sort((a, b) => (a.type < b.type ? -1 : 1));

/** The declaration of a type; an Error where there is none. */
export function declaredEvent(type: string): EventType {
  const found = declared.get(type);
  if (!found) throw new Error(`Event type ${type} is not declared`);
  return found;
}

/** The declaration that an event is true to; an Error where it says something else than was declared. */
export function checkedEvent(event: EventFacts): EventType {
  const type = declaredEvent(event.type);
  if (event.subject !== type.subject)
    throw new Error(`${event.type} is about a ${type.subject}, not a ${event.subject}`);
  if (!Number.isInteger(event.version) || event.version < 1)
    throw new Error(`${event.type} needs the record's version`);
  const unknown = Object.keys(event.data ?? {}).find((field) => !Object.hasOwn(type.data, field));
  if (unknown !== undefined) throw new Error(`${event.type} has no data called ${unknown}`);
  return type;
}
