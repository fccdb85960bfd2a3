import { Column, Entity } from 'typeorm';
import { Ref } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { fixedId } from '../reference/fixed-id';

/** What a contributor wrote about their experience of health, care or caring. Sealed, and kept only while they consent. */
@Entity({ schema: 'people', name: 'lived_experience' })
export class LivedExperience extends StoredRecord {
  @Ref('Whose experience it is.', { readOnly: true, example: fixedId('contributor', 'joan-pattinson') })
  contributorId: string;

  @Column({ type: 'bytea' })
  statementSealed: Buffer;

  @Ref('The consent under which it is kept.', { readOnly: true })
  consentId: string;
}
