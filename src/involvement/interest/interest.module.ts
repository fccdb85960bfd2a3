import { Module } from '@nestjs/common';
import { NoticeController } from '../notice/notice.controller';
import { NoticeFactsFinder } from '../notice/notice-facts';
import { NoticeOwing } from '../notice/notice-owing';
import { NoticeSending } from '../notice/notice-sending';
import { NoticeService } from '../notice/notice.service';
import { OpportunityNotices } from '../notice/opportunity-notices';
import { Recipients } from '../notice/recipient';
import { AnsweringService } from './answering.service';
import { DrawService } from './draw.service';
import { FollowController } from './follow.controller';
import { FollowLimit, TakeAttempt } from './follow.guard';
import { FollowService } from './follow.service';
import { InterestController } from './interest.controller';
import { InterestKeys } from './interest-keys';
import { InterestParts } from './interest-parts';
import { InterestErasing } from './interest-erasing.service';
import './interest-personal';
import './interest-rules';
import { InterestSending } from './interest-sending.service';
import { InterestService } from './interest.service';
import { InterestView } from './interest-view';
import { OpportunityInterestsController } from './opportunity-interests.controller';
import { SelectionService } from './selection.service';
import { Withdrawal } from './withdrawal';

/** Interests from the first word to the answer, and the notices that are owed on the way. */
@Module({
  controllers: [FollowController, InterestController, OpportunityInterestsController, NoticeController],
  providers: [
    ...[
      InterestKeys,
      InterestParts,
      InterestView,
      InterestSending,
      InterestService,
      InterestErasing,
      FollowLimit,
      TakeAttempt,
      FollowService,
    ],
    ...[SelectionService, AnsweringService, Withdrawal, DrawService],
    ...[Recipients, NoticeFactsFinder, NoticeOwing, NoticeSending, NoticeService, OpportunityNotices],
  ],
  exports: [InterestParts, InterestKeys, NoticeOwing],
})
export class InterestModule {}
