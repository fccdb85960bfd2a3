import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/access/access';
import { HealthCategoryList, LanguageList, RegionList } from './reference.dto';
import { ReferenceService } from './reference.service';

const FOR_AN_HOUR = 'public, max-age=3600';

/** Short lists that seldom change: answered whole. */
@ApiTags('Reference lists')
@Controller('v1')
export class ReferenceController {
  constructor(private readonly reference: ReferenceService) {}

  @Get('regions')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiOperation({
    summary: 'List nations and regions',
    description: 'The nations of the UK and the regions of England, by GSS code.',
  })
  @ApiOkResponse({ type: RegionList })
  regions(): Promise<RegionList> {
    return this.reference.regions();
  }

  @Get('health-categories')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiOperation({
    summary: 'List health categories',
    description: 'The 21 health categories of the UK Health Research Classification System.',
  })
  @ApiOkResponse({ type: HealthCategoryList })
  healthCategories(): Promise<HealthCategoryList> {
    return this.reference.healthCategories();
  }

  @Get('languages')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiOperation({ summary: 'List languages', description: 'Languages met in the UK, sign languages among them.' })
  @ApiOkResponse({ type: LanguageList })
  languages(): Promise<LanguageList> {
    return this.reference.languages();
  }
}
