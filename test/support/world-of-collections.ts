import type { TestApp } from './app';

/** An open collection of one organisation with its return, and where that organisation is reminded: one address, however often this is called. */
export async function collectionAndReturn(
  t: TestApp,
  coordinator: { authorization: string },
  organisationId = '',
  title = '',
): Promise<{ collection: string; return: string }> {
  const made = async (sql: string, params: unknown[]): Promise<string> =>
    (await t.db.query<{ id: string }>(`${sql} RETURNING id`, params)).rows[0]?.id ?? '';
  const collection = await made(
    `INSERT INTO edi.collection (title, "from", until, forms, due_on, release_on, state, opened_at)
     VALUES ($1, '2026-07-01', '2026-10-01', '{live,identified-rows,anonymous-rows,counts}', '2026-12-11', '2027-01-19', 'open', now())`,
    [title],
  );
  await made('INSERT INTO edi.collection_organisation (collection_id, organisation_id) VALUES ($1, $2)', [
    collection,
    organisationId,
  ]);
  await t.db.query(
    `INSERT INTO edi.heading_mapping (organisation_id, headings, codes) VALUES ($1, '[]', '[]') ON CONFLICT DO NOTHING`,
    [organisationId],
  );
  const sent = await made(
    `INSERT INTO edi.return (collection_id, organisation_id, form, basis, basis_reference, late)
     VALUES ($1, $2, 'anonymous-rows', 'data-sharing-agreement', 'DSA-1', false)`,
    [collection, organisationId],
  );
  const mailbox = await t.api
    .put(`/v1/diversity/reminder-mailboxes/${organisationId}`)
    .set(coordinator)
    .send({ email: 'returns@example.org' });
  // 428: the address is there already.
  if (mailbox.status !== 200 && mailbox.status !== 428) throw new Error(`${mailbox.status} ${mailbox.text}`);
  return { collection, return: sent };
}
