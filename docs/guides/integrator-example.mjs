// A site that lists opportunities, keeps its own copy of them right, and sends the interests of people who have no account.
// Plain Node (20.19 or later), nothing to install. docs/guides/integrators.md explains each step.
//
//   node integrator-example.mjs search [words]
//   node integrator-example.mjs sync <copy.json>
//   node integrator-example.mjs send <opportunity id> <interest.json>
//   node integrator-example.mjs follow <reference> <e-mail or telephone>
//
// Settings: API (http://localhost:3000 unless set), API_KEY (raises the limit of public reads; may be left out), and for sending
// either TOKEN, or OIDC_ISSUER, CLIENT_ID, CLIENT_SECRET and OIDC_RESOURCE to get tokens with.
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const {
  API = 'http://localhost:3000',
  API_KEY,
  TOKEN,
  OIDC_ISSUER,
  CLIENT_ID,
  CLIENT_SECRET,
  OIDC_RESOURCE,
} = process.env;
const ATTEMPTS = 5;

/** One call. Waits as long as it is told to on 429 and 503; an answer that is no success becomes an Error in plain English. */
async function call(path, options = {}) {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(new URL(path, API), options);
    if ((answer.status === 429 || answer.status === 503) && attempt < ATTEMPTS) {
      await wait(1000 * Number(answer.headers.get('retry-after') ?? 2));
      continue;
    }
    if (answer.ok) return answer.json();
    const { status, code, detail, errors = [], traceId } = await answer.json();
    const faults = errors.map((fault) => `\n  ${fault.at}: ${fault.message}`).join('');
    throw new Error(`${status} ${code}: ${detail}${faults}\n  (trace ${traceId})`);
  }
}

/** A public read. The key is never needed; it only raises the limit. */
const read = (path) => call(path, { headers: API_KEY ? { 'x-api-key': API_KEY } : {} });

const post = (path, body, headers = {}) =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** Searches the open opportunities, page by page. */
async function search(words) {
  let cursor = null;
  do {
    const query = new URLSearchParams({ limit: '50', ...(words ? { q: words } : {}), ...(cursor ? { cursor } : {}) });
    const { data, meta } = await read(`/v1/opportunities?${query}`);
    for (const { id, title, closesOn } of data) console.log(`${id}  to ${closesOn}  ${title}`);
    cursor = meta.nextCursor;
  } while (cursor);
}

/** Brings the copy up to date. The position is kept in the same file as the records: both are written, or neither. */
async function sync(file) {
  const copy = await readCopy(file);
  for (let more = true; more;) {
    const { data, meta } = await read(`/v1/changes?after=${copy.after}&limit=100`);
    for (const { id, gone, record } of data) {
      if (gone) delete copy.opportunities[id];
      else copy.opportunities[id] = record;
    }
    copy.after = meta.after;
    await writeFile(`${file}.new`, JSON.stringify(copy));
    await rename(`${file}.new`, file);
    more = meta.more;
  }
  console.log(
    `${openOnes(copy).length} open, ${Object.keys(copy.opportunities).length} kept, read up to ${copy.after}`,
  );
}

async function readCopy(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { after: '0', opportunities: {} };
  }
}

/** What to show now. The clock closes an opportunity by itself, perhaps before you next ask for changes. */
const openOnes = (copy) =>
  Object.values(copy.opportunities).filter((one) => one.status === 'open' && new Date(one.closesAt) > new Date());

/** Sends the interest of somebody without an account. The same interest sent again is the same request, so it counts once. */
async function send(opportunity, file) {
  const text = await readFile(file, 'utf8');
  const key = createHash('sha256').update(`${opportunity}\n${text}`).digest('hex');
  const headers = { authorization: `Bearer ${await token()}`, 'idempotency-key': key };
  const { reference, state } = await post(`/v1/opportunities/${opportunity}/interests`, JSON.parse(text), headers);
  console.log(`${state}. Show this reference to the person: ${reference}`);
}

/** How an interest stands: needs no account, only the reference and a contact that the person gave. */
async function follow(reference, contact) {
  const { state, opportunityTitle, contactConfirmed } = await post('/v1/interests/follow', { reference, contact });
  console.log(`${opportunityTitle}: ${state}, contact ${contactConfirmed ? 'confirmed' : 'not confirmed yet'}`);
}

/** An access token of this site, by client credentials. A site that runs on keeps it until shortly before it expires. */
async function token() {
  if (TOKEN) return TOKEN;
  const { token_endpoint: endpoint } = await (await fetch(`${OIDC_ISSUER}/.well-known/openid-configuration`)).json();
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(OIDC_RESOURCE ? { resource: OIDC_RESOURCE } : {}),
    }),
  });
  if (!answer.ok) throw new Error(`The sign-in service answered ${answer.status}`);
  return (await answer.json()).access_token;
}

/** What each command is given, and what is wrong with it, in one line; nothing where it is right. */
const commands = {
  search: { run: search, needs: [] },
  sync: { run: sync, needs: ['<copy.json>'] },
  send: { run: send, needs: ['<opportunity id>', '<interest.json>'], check: wrongForSending },
  follow: { run: follow, needs: ['<reference>', '<e-mail or telephone>'] },
};

function wrongForSending(opportunity) {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(opportunity))
    return `"${opportunity}" is no id of an opportunity: search shows them.`;
  if (TOKEN) return undefined;
  const missing = Object.entries({ OIDC_ISSUER, CLIENT_ID, CLIENT_SECRET }).filter(([, value]) => !value);
  if (missing.length === 0) return undefined;
  return `Set TOKEN, or OIDC_ISSUER, CLIENT_ID and CLIENT_SECRET; not set: ${missing.map(([name]) => name).join(', ')}.`;
}

/** What is wrong with the words and settings that this was started with. */
function wrong(name, given) {
  if (!Object.hasOwn(commands, name ?? '')) return `Give one of: ${Object.keys(commands).join(', ')}.`;
  if (!URL.canParse(API) || !/^https?:$/.test(new URL(API).protocol))
    return `API is "${API}": give the address of the service, such as http://localhost:3000.`;
  const { needs, check } = commands[name];
  if (given.length < needs.length || (needs.length > 0 && given.length > needs.length))
    return `Write: node integrator-example.mjs ${[name, ...needs].join(' ')}`;
  return check?.(...given);
}

const [name, ...given] = process.argv.slice(2);
const fault = wrong(name, given);
if (fault) {
  console.error(fault);
  process.exitCode = 2;
} else {
  const words = name === 'search' ? [given.join(' ')] : given;
  commands[name].run(...words).catch((error) => {
    console.error(
      error.cause?.code === 'ECONNREFUSED' ? `Nothing answers at ${API}. Is the service running?` : error.message,
    );
    process.exitCode = 1;
  });
}
