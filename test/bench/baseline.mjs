// The baseline: bare Fastify with pg, prepared statements, no checks, the service's own SQL.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

const { list, one, search, post, table } = JSON.parse(readFileSync(process.env.STATEMENTS, 'utf8'), (_, value) =>
  value?.type === 'Buffer' ? Buffer.from(value.data) : value,
);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
pool.on('error', () => undefined); // the server stops at the end of the run
const fastify = Fastify();
const json = 'application/json; charset=utf-8';

const page =
  (name, { text, values } = {}) =>
  async (_, reply) => {
    const { rows } = await pool.query({ name, text, values });
    reply.type(json);
    return `{"data":[${rows
      .slice(0, 20)
      .map((row) => row.card)
      .join(',')}],"meta":{"limit":20,"nextCursor":null}}`;
  };

fastify.get('/ready', () => 'ok');
fastify.get('/list', page('list', list));
fastify.get('/search', page('search', search));
fastify.get('/one/:id', async (request, reply) => {
  const { rows } = await pool.query({
    name: 'one',
    text: one.text,
    values: [request.params.id, ...one.values.slice(1)],
  });
  reply.type(json);
  return rows[0].body;
});

// The statements of one POST as the service sent them, on one connection, with this request's values in place of the recorded ones.
fastify.post('/interests', async (request, reply) => {
  const client = await pool.connect();
  try {
    const now = new Map([
      [post.opportunityId, request.body.opportunityId],
      [post.key, randomUUID()],
    ]);
    let answer;
    for (const [i, { text, values }] of post.statements.entries()) {
      const given = values?.map((value) => {
        if (Buffer.isBuffer(value))
          return post.fresh.includes(value.toString('hex')) ? randomBytes(value.length) : value;
        return typeof value === 'string' ? replaced(value, now) : value;
      });
      const { rows } = await client.query(values ? { name: `p${i}`, text, values: given } : text);
      const made = post.statements[i].madeId;
      if (made && rows?.[0]) now.set(made, rows[0].new_id ?? rows[0].id);
      if (rows?.[0]) answer = rows[0];
    }
    reply.status(201).type(json);
    return JSON.stringify(answer);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
});

// A table of a release from its figures, a row each; and from the file that was stored of it, which is one row.
fastify.get('/table/rows', async (_, reply) => {
  const { rows } = await pool.query({ name: 'rows', ...table.rows });
  reply.type(json);
  return JSON.stringify({ ...table.head, figures: rows });
});
fastify.get('/table/file', async (_, reply) => {
  const { rows } = await pool.query({ name: 'file', ...table.file });
  reply.type(json);
  return rows[0].bytes;
});

function replaced(text, now) {
  for (const [old, fresh] of now) if (text.includes(old)) text = text.replaceAll(old, fresh);
  return text;
}

await fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
