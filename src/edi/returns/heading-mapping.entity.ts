import { Entity } from 'typeorm';
import { JsonList, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { fixedId } from '../../people';

/** What one of the organisation's headings means. */
export class HeadingMeaning {
  @Text(200, 'The heading as it stands in your files.', { virtual: true, example: 'Gender (form 3)' })
  written: string;

  @Text(
    80,
    'A question such as sex, a column such as year-of-birth, or leave-out for a column that is not to be read.',
    {
      virtual: true,
      example: 'sex',
    },
  )
  means: string;
}

/** What one of the organisation's codes means. */
export class CodeMeaning {
  @Text(80, 'The question.', { virtual: true, example: 'sex' })
  characteristic: string;

  @Text(200, 'The code as it stands in your files.', { virtual: true, example: 'W' })
  written: string;

  @Text(80, 'A code of its list, prefer-not-to-say, or not-known.', { virtual: true, example: 'female' })
  means: string;
}

/** What the headings and codes of an organisation's own files mean, mapped once and kept. */
@Entity({ schema: 'edi', name: 'heading_mapping' })
export class HeadingMapping extends StoredRecord {
  @Ref('The organisation.', { readOnly: true, example: fixedId('organisation', 'rrdn-north-west') })
  organisationId: string;

  @JsonList(() => HeadingMeaning, { items: 200 }, 'Your headings.', {
    example: [{ written: 'Gender (form 3)', means: 'sex' }],
  })
  headings: HeadingMeaning[];

  @JsonList(() => CodeMeaning, { items: 1000 }, 'Your codes.', {
    example: [{ characteristic: 'sex', written: 'W', means: 'female' }],
  })
  codes: CodeMeaning[];
}
