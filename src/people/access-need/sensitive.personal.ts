import { personalTable } from '../../kernel/privacy/personal';
import { sealedColumn } from '../../kernel/privacy/sealed-columns';

/** How what is sensitive by nature is exported, erased and kept. */

sealedColumn('people.access_need', 'detail_sealed');
sealedColumn('people.lived_experience', 'statement_sealed');

personalTable({
  table: 'people.access_need',
  person: 'contributor_id',
  heading: 'What you need in order to take part',
  holds: 'Your access needs, who told them and when they are to be looked at again',
  erase: 'delete',
  keptFor: 'Until you take back your agreement, or are erased',
  rule: 'UK GDPR Article 9(2)(a), explicit consent',
  order: 50,
});

personalTable({
  table: 'people.access_need',
  person: 'recorded_by',
  key: 'account',
  heading: 'Access needs that you wrote down',
  holds: 'When your account wrote down an access need, your own or somebody else’s; not whose it was or what it says',
  export: (q, id) =>
    q.query(
      'SELECT created_at AS "writtenDownAt" FROM people.access_need WHERE recorded_by = $1 ORDER BY created_at, id',
      [id],
    ),
  erase: { anonymise: { recorded_by: null } },
  keptFor: 'As long as the access need, or until your account is erased',
  rule: 'UK GDPR Article 5(1)(c): the number of the account is taken out when it is no longer needed',
  order: 51,
});

personalTable({
  table: 'people.access_grant',
  person: 'contributor_id',
  heading: 'With whom you shared your access needs',
  shown: { named: { organisation_id: 'people.organisation.name' } },
  holds: 'For which involvement, with which organisation and until when you shared your access needs',
  erase: 'delete',
  keptFor: 'A year after the leave ended',
  rule: 'UK GDPR Article 5(2)',
  order: 40,
  retention: { from: 'expires_at', after: 'P1Y' },
});

personalTable({
  table: 'people.lived_experience',
  person: 'contributor_id',
  heading: 'Your lived experience',
  holds: 'What you wrote about your experience of health, care or caring',
  erase: 'delete',
  keptFor: 'Until you take back your agreement, or are erased',
  rule: 'UK GDPR Article 9(2)(a), explicit consent',
  order: 50,
});
