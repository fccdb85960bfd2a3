import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { Reads } from '../../kernel/privacy/reads';
import { Sealer } from '../../kernel/privacy/sealer';
import { NoticeEvent } from '../events';
import { GIVE_NOTICES, READ_NOTICES } from '../permissions';
import { inTeam } from '../project/own-projects';
import type { NoticeCount, NoticeDetails, NoticeFilter, NoticeSearch, Telling } from './notice.dto';
import { Notice, NOTICE_TABLE } from './notice.entity';
import { NoticeFactsFinder, Told } from './notice-facts';
import { NoticeFacts, noticeWords } from './notice-words';
import type { Recipient } from './recipient';

/** Notices: who is owed word, and who had it. */
@Injectable()
export class NoticeService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly finder: NoticeFactsFinder,
    private readonly reads: Reads,
    private readonly sealer: Sealer,
  ) {}

  async one(who: Actor, id: string): Promise<NoticeDetails> {
    return this.view(who, await this.db.one(Notice, id, this.mayRead(who)));
  }

  list(who: Actor, query: NoticeSearch): Promise<Page<NoticeDetails>> {
    const { organisation, opportunity, channel } = query;
    const where: Condition[] = [this.mayRead(who)];
    if (organisation) where.push((bind) => `r.organisation_id = ${bind(organisation)}`);
    if (opportunity) where.push((bind) => `r.opportunity_id = ${bind(opportunity)}`);
    if (channel) where.push((bind) => `r.channel = ${bind(channel)}`);
    return this.page(who, query, 'notices', where);
  }

  /** Notices to the caller. */
  mine(who: Actor, query: NoticeFilter): Promise<Page<NoticeDetails>> {
    return this.page(who, query, 'own notices', [(bind) => `r.contributor_id = ${bind(who.contributorId)}`]);
  }

  async count(who: Actor, organisation?: string): Promise<NoticeCount> {
    const { params, bind } = binder([this.clock.now()]);
    const where: Condition[] = [this.mayRead(who), () => `r.state = 'owed'`];
    if (organisation) where.push((b) => `r.organisation_id = ${b(organisation)}`);
    const [counted] = await this.db.query<{ owed: number; overdue: number; by_person: number }>(
      `SELECT count(*)::integer AS owed, count(*) FILTER (WHERE r.due_at < $1)::integer AS overdue,
         count(*) FILTER (WHERE r.channel IN ('phone', 'in-person', 'supporter'))::integer AS by_person
       FROM involvement.notice r WHERE ${all(where, bind)}`,
      params,
    );
    if (!counted) throw new Error('Notices were not counted');
    return { owed: counted.owed, overdue: counted.overdue, byPerson: counted.by_person };
  }

  /** Records that somebody told the person. */
  async told(who: Actor, id: string, { how, note }: Telling): Promise<NoticeDetails> {
    const changed = await this.db.write(who, async (tx) => {
      const notice = await tx.get(Notice, id, who.within(GIVE_NOTICES, { organisation: 'r.organisation_id' }));
      const sealed = this.sealer.seal({ table: NOTICE_TABLE, row: id, column: 'note_sealed' }, note ?? null);
      const told = await tx.change(notice, notice.told(tx.at, who.accountId, how, sealed), notice.version, {
        personId: notice.contributorId,
        actingFor: who.actsFor(notice.contributorId),
      });
      const { version, organisationId, opportunityId, kind } = told;
      tx.emit({
        type: NoticeEvent.Told,
        subject: 'notice',
        subjectId: id,
        version,
        organisationId,
        data: { opportunityId, kind },
      });
      return told;
    });
    return this.view(who, changed);
  }

  private async view(who: Actor, notice: Notice): Promise<NoticeDetails> {
    const [details] = await this.many(who, [notice]);
    if (!details) throw new Error('A notice has no details');
    return details;
  }

  private async page(who: Actor, query: NoticeFilter, list: string, where: Condition[]): Promise<Page<NoticeDetails>> {
    const { state, kind } = query;
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    if (kind) where.push((bind) => `r.kind = ${bind(kind)}`);
    const { data, meta } = await this.cursors.page(
      query,
      list,
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Notice, { where: [...where, after], order, limit });
        return found.map((notice) => ({ notice, sort_key: [notice.id] }));
      },
      ({ notice }) => notice,
    );
    return { data: await this.many(who, data), meta };
  }

  private async many(who: Actor, notices: readonly Notice[]): Promise<NoticeDetails[]> {
    const found = await this.finder.of(who.open ?? this.db, notices);
    const others = notices.filter((n) => n.contributorId !== null && n.contributorId !== who.contributorId);
    await this.reads.record(who, {
      subject: 'notice',
      personIds: others.flatMap((n) => n.contributorId ?? []),
      ids: others.map((n) => n.id),
      purpose: 'taking-part',
      what: 'notice: name, contact, words',
    });
    const strangers = notices.filter((n) => n.contributorId === null && found.get(n.id)?.recipient);
    if (strangers.length > 0)
      await this.db.write(who, (tx) => {
        for (const { id } of strangers) tx.audit('read', 'notice', id, { purpose: 'taking-part' });
        return Promise.resolve();
      });
    return notices.map((notice) => this.details(who, notice, found.get(notice.id)));
  }

  private details(who: Actor, notice: Notice, told: Told | undefined): NoticeDetails {
    const {
      id,
      createdAt,
      updatedAt,
      version,
      opportunityId,
      organisationId,
      interestId,
      involvementId,
      contributorId,
    } = notice;
    const { kind, channel, language, state, dueAt, sentAt, toldAt, toldByAccountId, toldHow } = notice;
    const words = told ? noticeWords(kind, language, this.shown(who, notice, told.facts)) : { subject: '', text: '' };
    return {
      ...{ id, createdAt, updatedAt, version, opportunityId, organisationId, interestId, involvementId, contributorId },
      ...{ kind, channel, language, state, dueAt, sentAt, toldAt, toldByAccountId, toldHow },
      name: told?.recipient?.name ?? null,
      to:
        state === 'owed' && told?.recipient && (contributorId === null || contributorId !== who.contributorId)
          ? contactFor(channel, told.recipient)
          : null,
      ...words,
      note: this.sealer.open({ table: NOTICE_TABLE, row: id, column: 'note_sealed' }, notice.noteSealed),
      overdue: state === 'owed' && dueAt < this.clock.now(),
    };
  }

  /** The whole reference is for the person, and for whoever is to tell it to them; others see its end. */
  private shown(who: Actor, notice: Notice, facts: NoticeFacts): NoticeFacts {
    const theirs = notice.contributorId !== null && notice.contributorId === who.contributorId;
    const toTell = notice.state === 'owed' && who.mayFor(GIVE_NOTICES, notice.organisationId);
    return theirs || toTell || facts.reference === null
      ? facts
      : { ...facts, reference: `…${facts.reference.slice(-4)}` };
  }

  /** Notices that the caller may read: to them, of their projects, of their organisation. */
  private mayRead(who: Actor): Condition {
    return who.within(READ_NOTICES, {
      organisation: 'r.organisation_id',
      own: (bind) => {
        const mine = `r.contributor_id = ${bind(who.contributorId)}`;
        if (!who.roles.includes('researcher')) return mine;
        const team = (project: string): string => inTeam(project, who, this.clock.today())(bind);
        return `${mine} OR EXISTS (SELECT FROM involvement.opportunity o WHERE o.id = r.opportunity_id AND ${team('o.project_id')})
          OR EXISTS (SELECT FROM involvement.involvement v WHERE v.id = r.involvement_id AND ${team('v.project_id')})`;
      },
    });
  }
}

/** Where to reach somebody by the way that they chose. */
function contactFor(channel: Notice['channel'], { email, phone, address, supporter }: Recipient): string | null {
  switch (channel) {
    case 'email':
      return email;
    case 'text':
    case 'phone':
      return phone;
    case 'post':
      return address;
    case 'supporter':
      return supporter && `${supporter.name}, ${supporter.contact}`;
    case 'in-person':
      return phone ?? email ?? address;
  }
}
