import { ApiProperty } from '@nestjs/swagger';
import { Column, PrimaryColumn } from 'typeorm';

/** What every stored record has. All four are set by the database. */
export abstract class StoredRecord {
  @PrimaryColumn({ type: 'uuid', default: () => 'uuidv7()' })
  @ApiProperty({ type: 'string', format: 'uuid', readOnly: true, description: 'Identifier, made by the service.' })
  readonly id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  @ApiProperty({ type: 'string', format: 'date-time', readOnly: true, description: 'When the record was made.' })
  readonly createdAt: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  @ApiProperty({ type: 'string', format: 'date-time', readOnly: true, description: 'When the record last changed.' })
  readonly updatedAt: Date;

  @Column({ type: 'integer', default: 1 })
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 2_147_483_647,
    readOnly: true,
    description: 'Rises by one with every change. The ETag carries it; send that back as If-Match.',
  })
  readonly version: number;
}
