import type { Query } from '../../kernel/privacy/query';
import type { ReturnForm } from './collection.entity';
import type { ReminderState } from '../reminder/reminder.entity';
import type { CollectionMember, CollectionMemberProgress, LastReminder } from './collection.dto';

interface MemberRow {
  collection_id: string;
  organisation_id: string;
  name: string;
  due_on: string;
  predecessors: { organisationId: string; name: string; slug: string; part: boolean }[];
}

const MEMBERS = `
  SELECT m.collection_id, m.organisation_id, o.name, coalesce(m.due_on, c.due_on) AS due_on,
    coalesce((SELECT jsonb_agg(jsonb_build_object('organisationId', b.id, 'name', b.name, 'slug', b.slug, 'part', p.part) ORDER BY b.name)
      FROM edi.collection_predecessor p JOIN people.organisation b ON b.id = p.predecessor_id
      WHERE p.collection_id = m.collection_id AND p.organisation_id = m.organisation_id), '[]') AS predecessors
  FROM edi.collection_organisation m
  JOIN edi.collection c ON c.id = m.collection_id
  JOIN people.organisation o ON o.id = m.organisation_id
  WHERE m.collection_id = ANY($1::uuid[])
  ORDER BY o.name, o.id`;

/** Who must return to these collections, by collection. */
export async function membersOf(q: Query, collectionIds: readonly string[]): Promise<Map<string, CollectionMember[]>> {
  const members = new Map<string, CollectionMember[]>(collectionIds.map((id) => [id, []]));
  for (const row of await q.query<MemberRow>(MEMBERS, [collectionIds]))
    members.get(row.collection_id)?.push(memberOf(row));
  return members;
}

const memberOf = ({ organisation_id, name, due_on, predecessors }: MemberRow): CollectionMember => ({
  organisationId: organisation_id,
  name,
  dueOn: due_on,
  predecessors,
  seriesBreaks: predecessors.some(({ part }) => part),
});

interface StandingRow {
  organisation_id: string;
  form: ReturnForm | null;
  state: 'accepted' | 'signed-off' | null;
  created_at: Date | null;
  late: boolean | null;
  corrections: number;
  reminded_on: string | null;
  reminder: { day: string; state: ReminderState; sent_at: string | null } | null;
  has_mailbox: boolean;
}

const STANDING = `
  SELECT m.organisation_id, r.form, r.state, r.created_at, r.late,
    (SELECT count(*) FROM edi.return b WHERE b.collection_id = m.collection_id AND b.organisation_id = m.organisation_id AND b.state = 'replaced')::integer AS corrections,
    (SELECT max(n.day) FROM edi.reminder n WHERE n.collection_organisation_id = m.id AND n.state = 'sent') AS reminded_on,
    (SELECT jsonb_build_object('day', n.day, 'state', n.state, 'sent_at', n.sent_at) FROM edi.reminder n
      WHERE n.collection_organisation_id = m.id ORDER BY n.day DESC LIMIT 1) AS reminder,
    EXISTS (SELECT FROM edi.reminder_mailbox b WHERE b.organisation_id = m.organisation_id) AS has_mailbox
  FROM edi.collection_organisation m
  LEFT JOIN edi.return r ON r.collection_id = m.collection_id AND r.organisation_id = m.organisation_id AND r.state <> 'replaced'
  WHERE m.collection_id = $1`;

/**
 * How far each member is. Made of what is known about returns; no answer is looked at. How an organisation is reached is told where
 * `toldOf` says so.
 */
export async function standingOf(
  q: Query,
  collectionId: string,
  today: string,
  toldOf: (organisationId: string) => boolean,
): Promise<CollectionMemberProgress[]> {
  const members = (await membersOf(q, [collectionId])).get(collectionId) ?? [];
  const rows = new Map((await q.query<StandingRow>(STANDING, [collectionId])).map((row) => [row.organisation_id, row]));
  return members.map((member): CollectionMemberProgress => {
    const row = rows.get(member.organisationId);
    const reached = row && toldOf(member.organisationId) ? row : undefined;
    const came = row?.state === 'signed-off' ? 'signed-off' : row?.state ? 'returned' : undefined;
    return {
      ...member,
      state: came ?? (member.dueOn < today ? 'late' : 'missing'),
      form: row?.form ?? null,
      returnedAt: row?.created_at ?? null,
      cameLate: row?.late ?? false,
      corrections: row?.corrections ?? 0,
      remindedOn: row?.reminded_on ?? null,
      reminder: reached?.reminder ? reminderOf(reached.reminder) : null,
      hasMailbox: reached?.has_mailbox ?? null,
      cannot: row?.form ? cannotOf(row.form) : [],
    };
  });
}

const reminderOf = ({ day, state, sent_at }: NonNullable<StandingRow['reminder']>): LastReminder => ({
  day,
  state,
  sentAt: sent_at === null ? null : new Date(sent_at),
});

const NO_DEDUPLICATION =
  'People who are in several returns cannot be counted once: nothing says that they are the same.';
const NO_TWO_WAY = 'Tables of two questions cannot include these people: counts tell one question at a time.';

/** What a form of return cannot support, in plain English. */
export function cannotOf(form: ReturnForm): string[] {
  if (form === 'counts') return [NO_DEDUPLICATION, NO_TWO_WAY];
  return form === 'anonymous-rows' ? [NO_DEDUPLICATION] : [];
}
