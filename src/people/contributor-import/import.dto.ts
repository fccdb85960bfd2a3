import { ApiProperty } from '@nestjs/swagger';
import { InFlag, InRef } from '../../kernel/http/query';
import { fixedId } from '../reference/fixed-id';

/** Most bytes of a file. */
export const IMPORT_BYTES = 64 * 1024 * 1024;
/** Most faults that an answer lists. */
export const MOST_FAULTS = 1000;

export class ImportQuery {
  @InRef('The organisation whose contributors they are.', {
    required: true,
    example: fixedId('organisation', 'rrdn-north-west'),
  })
  organisation: string;

  @InFlag('true: check the file and store nothing.', { default: false })
  dryRun?: boolean;

  @InFlag('true: store the good rows even where others have faults.', { default: false })
  partial?: boolean;
}

export class ImportFault {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The row; the heading is row 1.' })
  row: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The column by its heading; null where the row as a whole is meant.',
  })
  column: string | null;

  @ApiProperty({ description: 'For programs; stable.' })
  code: string;

  @ApiProperty({ description: 'What to do, in plain English.' })
  message: string;
}

/** What an import did, or would do. */
export class ImportReport {
  @ApiProperty({ description: 'Whether nothing was stored because only a check was asked for.' })
  dryRun: boolean;

  @ApiProperty({ type: 'integer', description: 'Rows of the file, without the heading.' })
  rows: number;

  @ApiProperty({ type: 'integer', description: 'Contributors added, or that would be.' })
  added: number;

  @ApiProperty({ type: 'integer', description: 'Contributors known by their reference and changed, or that would be.' })
  changed: number;

  @ApiProperty({ type: 'integer', description: 'Rows with faults, which were left out.' })
  faultyRows: number;

  @ApiProperty({ type: 'integer', description: 'All faults, more than are listed where there are many.' })
  faultCount: number;

  @ApiProperty({ type: ImportFault, isArray: true, description: `The faults, at most ${MOST_FAULTS}.` })
  faults: ImportFault[];
}
