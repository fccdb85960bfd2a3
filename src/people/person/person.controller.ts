import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { EmptyBody } from '../../kernel/http/input-declared';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { ERASE_PERSON, EXPORT_PERSON, READ_LEDGER } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { EraseRequest, ErasureReceipt, PersonCopy, ReadEntry, ReadFilter, ReadPage } from './person.dto';
import { PersonService } from './person.service';

const DEMO = fixedId('contributor', 'joan-pattinson');

@ApiTags('Your data')
@Controller('v1/contributors/:id')
export class PersonController {
  constructor(private readonly people: PersonService) {}

  @Get('everything')
  @Can(EXPORT_PERSON)
  @ApiId(DEMO)
  @ApiOperation({
    summary: 'Get everything that is held about a person',
    description: 'Every kind of data with how long it is kept and why. That the copy was made is put on record.',
  })
  @ApiOkResponse({ type: PersonCopy })
  everything(@Id() id: string, @Who() who: Actor): Promise<PersonCopy> {
    return this.people.everything(who, id);
  }

  @Post('erase')
  @HttpCode(200)
  @EmptyBody()
  @Can(ERASE_PERSON)
  @ApiId(DEMO)
  @ApiOperation({
    summary: 'Erase a person',
    description:
      'For good, all of it at once. The receipt says what went, what stayed, and under which rule. It holds no personal data.',
  })
  @ApiOkResponse({ type: ErasureReceipt })
  erase(@Id() id: string, @Body() body: EraseRequest, @Who() who: Actor): Promise<ErasureReceipt> {
    return this.people.erase(who, id, body.because);
  }

  @Get('reads')
  @Can(READ_LEDGER)
  @ApiId(DEMO)
  @ApiOperation({
    summary: "See who read a person's data",
    description:
      'Newest first: who, in which role, what, when and why. Files taken out for a whole organisation are among them.',
  })
  @ApiOkResponse({ type: ReadPage })
  reads(@Id() id: string, @Query() page: ReadFilter, @Who() who: Actor): Promise<Page<ReadEntry>> {
    return this.people.reads(who, id, page);
  }
}

@ApiTags('Your data')
@Controller('v1/erasure-receipts')
export class ErasureReceiptController {
  constructor(private readonly people: PersonService) {}

  @Get(':id')
  @Can(ERASE_PERSON)
  @ApiId(fixedId('erasure_receipt', 'demonstration'))
  @ApiOperation({ summary: 'Read the receipt of an erasure' })
  @ApiOkResponse({ type: ErasureReceipt })
  receipt(@Id() id: string, @Who() who: Actor): Promise<ErasureReceipt> {
    return this.people.receipt(who, id);
  }
}
