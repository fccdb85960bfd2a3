import { Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { Clock } from '../../kernel/clock';
import type { JobData } from '../../kernel/jobs/job-data';
import { Jobs } from '../../kernel/jobs/jobs';
import { Channel, Sender } from '../../kernel/messages/sender';
import { holdContributor } from '../../people';
import { NoticeEvent } from '../events';
import { codeWay } from '../interest/contact';
import { Interest } from '../interest/interest.entity';
import { CODE_MINUTES, InterestKeys } from '../interest/interest-keys';
import { InterestParts } from '../interest/interest-parts';
import { Notice } from './notice.entity';
import { NoticeFactsFinder, Told } from './notice-facts';
import { NoticeOwing, SENT_BY } from './notice-owing';
import { codeWords, noticeWords } from './notice-words';
import { Recipient } from './recipient';

/** Sends notices and codes: the queue `notice.send`. At least once; a message has the notice's id, by which a sender knows a repeat. */
@Injectable()
export class NoticeSending implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly sender: Sender,
    private readonly finder: NoticeFactsFinder,
    private readonly owing: NoticeOwing,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
  ) {}

  onModuleInit(): void {
    this.jobs.work('notice.send', ({ id, data }) => this.work(id, data));
  }

  private work(jobId: string, { noticeIds, interestId, issue }: JobData): Promise<void> {
    if (typeof interestId === 'string' && typeof issue === 'number') return this.sendCode(jobId, interestId, issue);
    return this.sendNotices(Array.isArray(noticeIds) ? noticeIds.map(String) : []);
  }

  /** Sends what is still owed. One that fails does not keep back the others; the job then comes again. */
  private async sendNotices(ids: readonly string[]): Promise<void> {
    const owed = await this.db.list(Notice, {
      where: [(bind) => `r.id = ANY(${bind(ids)}::uuid[]) AND r.state = 'owed'`],
    });
    const found = await this.finder.of(this.db, owed);
    const failed: Error[] = [];
    for (const notice of owed) {
      const told = found.get(notice.id);
      if (told)
        await this.sendOne(notice, told).catch((error: unknown) =>
          failed.push(error instanceof Error ? error : new Error('not sent')),
        );
    }
    if (failed[0]) throw failed[0];
  }

  private async sendOne(notice: Notice, { facts, recipient }: Told): Promise<void> {
    const channel = SENT_BY[notice.channel];
    const to = channel && recipient ? addressOf(channel, recipient) : null;
    // Without an address it stays owed, for somebody to tell the person.
    if (!channel || !to || !this.sender.reaches(channel)) return;
    const words = noticeWords(notice.kind, notice.language, facts, channel === 'text');
    const delivered = await this.unlessErased(notice, () =>
      this.sender.deliver({
        id: notice.id,
        channel,
        to,
        ...words,
        language: notice.language,
        personId: notice.contributorId,
        ref: notice.id,
      }),
    );
    if (!delivered) return;
    await this.db.write(theService(), async (tx) => {
      const now = await tx.get(Notice, notice.id);
      if (now.state !== 'owed' && now.state !== 'dropped') return;
      const sent = await tx.change(now, { state: 'sent', sentAt: tx.at });
      const { id, version, organisationId, opportunityId, kind } = sent;
      tx.emit({
        type: NoticeEvent.Sent,
        subject: 'notice',
        subjectId: id,
        version,
        organisationId,
        data: { opportunityId, kind },
      });
    });
  }

  /**
   * Delivers what was made ready before, unless the person was erased, or it is owed no more, since then. Whom it is about is held
   * till it is delivered, so that an erasure comes before it or finds it. Only locks are held: there is nothing to roll back.
   */
  private unlessErased(notice: Notice, deliver: () => Promise<unknown>): Promise<boolean> {
    return this.db.write(theService(), async (tx) => {
      if (notice.contributorId !== null && !(await holdContributor(tx, notice.contributorId))) return false;
      if (notice.interestId !== null) await tx.query(HOLD_INTEREST, [notice.interestId]);
      const owed = await tx.query(
        `SELECT 1 FROM involvement.notice WHERE id = $1 AND state = 'owed' AND contributor_id IS NOT DISTINCT FROM $2::uuid`,
        [notice.id, notice.contributorId],
      );
      if (owed.length > 0) await deliver();
      return owed.length > 0;
    });
  }

  /** Sends the code to confirm a contact, unless a newer one is out, it has run out or is not needed any more. */
  private async sendCode(jobId: string, interestId: string, issue: number): Promise<void> {
    const [interest] = await this.db.list(Interest, { where: [(bind) => `r.id = ${bind(interestId)}`], limit: 1 });
    if (
      !interest ||
      interest.codeIssue !== issue ||
      interest.isConfirmed ||
      !interest.codeExpiresAt ||
      interest.codeExpiresAt <= this.clock.now()
    )
      return;
    const { person } = this.parts.openPerson(interest);
    const way = person && codeWay(person);
    if (!way || !this.sender.reaches(way.by)) return;
    const language = /^cy($|-)/.test(interest.language) ? 'cy' : 'en';
    const { subject, text } = codeWords(
      this.keys.code(interestId, issue),
      language,
      await this.owing.titleOf(this.db, interest.opportunityId),
      CODE_MINUTES,
    );
    await this.db.write(theService(), async (tx) => {
      const held = await tx.query<{ code_issue: number }>(HOLD_INTEREST, [interestId]);
      if (held[0]?.code_issue !== issue) return;
      await this.sender.deliver({
        id: jobId,
        channel: way.by,
        to: way.to,
        subject: way.by === 'text' ? '' : subject,
        text,
        language,
        personId: null,
        ref: interestId,
      });
    });
  }
}

/** Without a row where the interest was erased, or tied to a record with which the contact is kept. */
const HOLD_INTEREST = `
  SELECT code_issue FROM involvement.interest WHERE id = $1 AND erased_at IS NULL AND contributor_id IS NULL FOR SHARE`;

/** Where a message goes; null where the record has no such address. */
function addressOf(channel: Channel, { name, email, phone, address }: Recipient): string | null {
  if (channel === 'email') return email;
  if (channel === 'text') return phone;
  return address && [name, address].filter(Boolean).join('\n');
}
