import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags, OpenAPIObject } from '@nestjs/swagger';
import { Public } from '../access/access';

/** The OpenAPI document of this service. The application sets it once all routes are known. */
@Injectable()
export class ApiDocument {
  private held: OpenAPIObject | undefined;

  set(document: OpenAPIObject): void {
    this.held = document;
  }

  get(): OpenAPIObject {
    if (!this.held) throw new Error('The OpenAPI document was asked for before the application set it');
    return this.held;
  }
}

/** Feeds that a consumer may follow, by the name that the version document gives them. */
const FEEDS: Readonly<Record<string, string>> = { changes: '/v1/changes', events: '/v1/events' };

/** Where everything is. */
export class VersionLinks {
  @ApiProperty({ description: 'The OpenAPI document.', example: '/openapi.json' })
  openapi: string;

  @ApiProperty({ description: 'The same for people.', example: '/docs' })
  docs: string;

  @ApiProperty({ description: 'Whether the process runs.', example: '/health/live' })
  live: string;

  @ApiProperty({ description: 'Whether the service can be sent requests.', example: '/health/ready' })
  ready: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Feeds by name: follow one and your copy stays right.',
    example: { changes: '/v1/changes' },
  })
  feeds: Record<string, string>;
}

/** What this service is. */
export class Version {
  @ApiProperty({ description: 'Name of the service.', example: 'Public Partnerships API' })
  name: string;

  @ApiProperty({ description: 'Version of the service, by semantic versioning.', example: '0.1.0' })
  version: string;

  @ApiProperty({ type: VersionLinks, description: 'Addresses on this service.' })
  links: VersionLinks;
}

@ApiTags('Service')
@Controller()
export class VersionController {
  constructor(private readonly document: ApiDocument) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'What this service is and where everything is' })
  @ApiOkResponse({ type: Version })
  version(): Version {
    const { info, paths } = this.document.get();
    const feeds = Object.fromEntries(Object.entries(FEEDS).filter(([, path]) => path in paths));
    const links = { openapi: '/openapi.json', docs: '/docs', live: '/health/live', ready: '/health/ready', feeds };
    return { name: info.title, version: info.version, links };
  }
}
