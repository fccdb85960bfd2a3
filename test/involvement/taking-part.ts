import type { TestApp } from '../support/app';

type Auth = Awaited<ReturnType<TestApp['as']>>;

/** Puts on record what the tests of involvements and activities stand on, where no route of theirs does. */
export class TakingPart {
  constructor(private readonly t: TestApp) {}

  /** A contributor who works with the organisation since 2026-01-01. */
  async contributor(organisation: string, name = 'Rosalind Achterberg'): Promise<string> {
    const organisationId = await this.t.organisation(organisation);
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO people.contributor (name, preferred_channel, age_group) VALUES ($1, 'in-person', 'adult') RETURNING id`,
      [name],
    );
    const id = rows[0]?.id ?? '';
    await this.t.db.query(
      `INSERT INTO people.contributor_organisation (contributor_id, organisation_id, "from", home) VALUES ($1, $2, '2026-01-01', true)`,
      [id, organisationId],
    );
    return id;
  }

  async project(organisation: string, title = 'Falling less at home'): Promise<string> {
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.project (organisation_id, kind, title) VALUES ($1, 'study', $2) RETURNING id`,
      [await this.t.organisation(organisation), title],
    );
    return rows[0]?.id ?? '';
  }

  async opportunity(projectId: string): Promise<string> {
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.opportunity (organisation_id, project_id, title, kind)
       SELECT organisation_id, id, 'Advise us', 'advisory-group' FROM involvement.project WHERE id = $1 RETURNING id`,
      [projectId],
    );
    return rows[0]?.id ?? '';
  }

  /** Puts an account into a project's team, which makes the project its own. */
  async joins(projectId: string, accountId: string): Promise<void> {
    await this.t.db.query(
      `INSERT INTO involvement.team_member (project_id, account_id, role) VALUES ($1, $2, 'researcher')`,
      [projectId, accountId],
    );
  }

  /** The account of a contributor, tied to their record. */
  async signedIn(contributorId: string, organisation: string, who = ''): Promise<Auth> {
    const { id } = await this.t.account('contributor', organisation, who);
    await this.t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [contributorId, id]);
    return this.t.as('contributor', organisation, who);
  }

  /** An involvement, begun through the API. */
  async involvement(auth: Auth, projectId: string, contributorId: string, from = '2026-11-01'): Promise<Begun> {
    const answer = await this.t.api
      .post('/v1/involvements')
      .set(auth)
      .send({ projectId, contributorId, role: 'member', from })
      .expect(201);
    return answer.body as Begun;
  }

  /** Something that a contributor takes part in, wherever; answers its id. */
  async anything(contributorId: string, organisation: string): Promise<string> {
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.involvement (organisation_id, project_id, contributor_id, role, "from")
       SELECT organisation_id, id, $2, 'member', '2026-11-01' FROM involvement.project WHERE id = $1 RETURNING id`,
      [await this.project(organisation), contributorId],
    );
    return rows[0]?.id ?? '';
  }

  async events(subjectId: string): Promise<string[]> {
    const { rows } = await this.t.db.query<{ type: string }>(
      'SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY version',
      [subjectId],
    );
    return rows.map((row) => row.type);
  }

  async audited(subjectId: string): Promise<string[]> {
    const { rows } = await this.t.db.query<{ action: string }>(
      'SELECT action FROM kernel.audit_entry WHERE subject_id = $1 ORDER BY id',
      [subjectId],
    );
    return rows.map((row) => row.action);
  }
}

export interface Begun {
  id: string;
  version: number;
  state: string;
  from: string;
  until: string | null;
}
