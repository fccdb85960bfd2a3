import autocannon from 'autocannon';

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Requests a second that were answered with 2xx. Any other answer fails the run: a fast refusal is no speed. */
export async function rates(target, seconds) {
  await target.before?.();
  await once(target, 1);
  await target.before?.();
  const result = await once(target, seconds);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(
      `${target.url}: ${result.non2xx} answers were not 2xx, ${result.errors} failed; the first: ${result.refused}`,
    );
  return result['2xx'] / result.duration;
}

/** Lets both sides run until what they do often is compiled, as it is in a service that has run for a minute. */
export async function warm(target, seconds) {
  await target.before?.();
  await once(target, seconds);
}

async function once({ url, setup }, seconds) {
  let refused = '';
  const onResponse = (status, body) => {
    if (status >= 300) refused ||= `${status} ${body}`;
  };
  const request = setup ? { setupRequest: setup, onResponse } : { method: 'GET', onResponse };
  return { ...(await autocannon({ url, connections: 16, duration: seconds, requests: [request] })), refused };
}
