import { applyDecorators, Controller, Get, Header, Param, ParseIntPipe, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../kernel/access/access';
import { BadInput } from '../../kernel/errors/problem';
import { Format } from '../../kernel/http/negotiation';
import { Produces } from '../../kernel/http/route-catalogue';
import type { FhirQuestionnaire } from './fhir';
import { Questionnaire, QuestionnaireList } from './questionnaire.dto';
import { QuestionnaireService } from './questionnaire.service';

const FOR_AN_HOUR = 'public, max-age=3600';
const FHIR = 'application/fhir+json';
const KEY = { name: 'key', description: 'Key of the questionnaire.', schema: { type: 'string', example: 'diversity' } };

/** Answers a questionnaire as JSON, which is the same as FHIR's own but for the name of its type. */
const AsFhir = (): MethodDecorator =>
  applyDecorators(
    Produces('application/json', FHIR),
    ApiExtraModels(Questionnaire),
    ApiOkResponse({
      description: 'The questionnaire.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(Questionnaire) } },
        [FHIR]: { schema: { $ref: getSchemaPath(Questionnaire) } },
      },
    }),
  );

@ApiTags('Questionnaires and code lists')
@Controller('v1/questionnaires')
export class QuestionnaireController {
  constructor(private readonly questionnaires: QuestionnaireService) {}

  @Get()
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiOperation({ summary: 'List the questionnaires', description: 'Every version of each.' })
  @ApiOkResponse({ type: QuestionnaireList })
  all(): Promise<QuestionnaireList> {
    return this.questionnaires.all();
  }

  @Get(':key')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiParam(KEY)
  @AsFhir()
  @ApiOperation({
    summary: 'Read a questionnaire',
    description: 'Its newest version, as a FHIR R4 Questionnaire.',
  })
  newest(
    @Param('key') key: string,
    @Format() format: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FhirQuestionnaire> {
    return typed(this.questionnaires.one(key), format, reply);
  }

  @Get(':key/versions/:version')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiParam(KEY)
  @ApiParam({
    name: 'version',
    description: 'Version.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,8}$', example: '1' },
  })
  @AsFhir()
  @ApiOperation({ summary: 'Read a version of a questionnaire', description: 'As a FHIR R4 Questionnaire.' })
  one(
    @Param('key') key: string,
    @Param('version', new ParseIntPipe({ exceptionFactory: notAVersion })) version: number,
    @Format() format: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FhirQuestionnaire> {
    if (version < 1 || version > 999_999_999) throw notAVersion();
    return typed(this.questionnaires.one(key, version), format, reply);
  }
}

async function typed<T>(answer: Promise<T>, format: string, reply: FastifyReply): Promise<T> {
  const found = await answer;
  void reply.type(`${format}; charset=utf-8`);
  return found;
}

function notAVersion(): BadInput {
  return new BadInput([
    {
      in: 'path',
      at: 'version',
      code: 'not_whole',
      message: 'Give the version as a whole number from 1 to 999999999.',
    },
  ]);
}
