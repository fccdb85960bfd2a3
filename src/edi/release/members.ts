import { CHARACTERISTICS, FINER, HUB } from './catalogue';
import { backgroundNotTold, PREFER_NOT_TO_SAY } from './characteristics';
import type { PublishedCharacteristic } from './published';

/** Where each characteristic stands in the list of answers, counted from 1. */
export type Places = ReadonlyMap<string, number>;

/** A characteristic's column in the tables of answers. */
export const columnOf = (characteristic: string): string => characteristic.replaceAll('-', '_');

/**
 * SQL that turns a row of answers (alias `a`, a column for each characteristic) into the numbers of its categories: the list for
 * `SELECT`, and the joins that it needs. A code that is not in the release's lists, and no answer at all, count as not known.
 */
export function answerNumbers(
  places: Places,
  characteristics: readonly PublishedCharacteristic[],
): { array: string; joins: string } {
  const ordered = CHARACTERISTICS.map((key) => ({ key, place: places.get(key) ?? 0 })).sort(
    (a, b) => a.place - b.place,
  );
  const last = ordered[ordered.length - 1]?.place ?? 0;
  if (ordered[0]?.place !== 1 || last !== ordered.length) throw new Error('The places of characteristics have a gap');
  return {
    array: `ARRAY[${ordered.map(({ place }) => `coalesce(c${place}.code, 0)`).join(', ')}]::smallint[]`,
    joins: ordered
      .map(({ key, place }) => {
        const code = FINER.some((finer) => finer === key)
          ? finerCode(characteristics.find((one) => one.key === key))
          : `a.${columnOf(key)}`;
        return `LEFT JOIN edi_snapshot.category c${place} ON c${place}.place = ${place} AND c${place}.category = ${code}`;
      })
      .join('\n'),
  };
}

/**
 * The category of a finer characteristic. It always lies in the person's ethnic group, by which they are counted: a background that lies
 * in another group (both can be told by themselves) counts as not told.
 */
function finerCode(of: PublishedCharacteristic | undefined): string {
  if (!of) throw new Error('A finer characteristic is not counted');
  const hub = `a.${columnOf(HUB)}`;
  const pairs = of.categories.flatMap(({ code, within, unknown }) =>
    unknown ? [] : [`(${literal(within ?? '')}, ${literal(code)})`],
  );
  return `CASE WHEN ${hub} = ${literal(PREFER_NOT_TO_SAY)} THEN ${hub}
    WHEN (${hub}, a.${columnOf(of.key)}) IN (${pairs.join(', ')}) THEN a.${columnOf(of.key)}
    ELSE ${hub} || ${literal(backgroundNotTold(''))} END`;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Organisations that returned what cannot be told apart from the people who are registered here: their return counts instead. */
const RETURNED_WHOLE = `
  SELECT DISTINCT w.organisation_id FROM edi.return w
  WHERE w.collection_id = $2::uuid AND w.state = 'signed-off' AND w.form IN ('anonymous-rows', 'counts')`;

/**
 * Members of rows that were returned and signed off ($1 release, $2 collection). Everybody once: whoever answered here, or is in
 * another row under the same pseudonym, is not taken again; of several rows the one that came furthest counts. Rows without a
 * pseudonym are all taken. Nobody whom another organisation returned is taken at a home that returned all of its people without
 * pseudonyms, as counts or as anonymous rows: they are in there.
 */
export function returnedMembers(places: Places, characteristics: readonly PublishedCharacteristic[]): string {
  const { array, joins } = answerNumbers(places, characteristics);
  return `
  WITH stages AS (SELECT * FROM unnest(ARRAY['registered', 'interested', 'selected', 'took-part']) WITH ORDINALITY AS s(stage, height)),
  rows AS (
    SELECT a.*, row_number() OVER (PARTITION BY coalesce(a.pseudonym, uuid_send(a.id)) ORDER BY s.height DESC, a.organisation_id, a.id) AS nth
    FROM edi_answers.returned_row a
    JOIN edi.return r ON r.id = a.return_id AND r.state = 'signed-off' AND r.collection_id = $2::uuid
    JOIN stages s USING (stage)
    WHERE NOT EXISTS (SELECT FROM edi_answers.objection o WHERE o.pseudonym = a.pseudonym)
      AND NOT EXISTS (SELECT FROM edi_snapshot.member m WHERE m.release_id = $1::uuid AND m.pseudonym = a.pseudonym)
      AND NOT EXISTS (SELECT FROM edi.return c WHERE c.collection_id = $2::uuid AND c.state = 'signed-off'
        AND c.form IN ('counts', 'anonymous-rows') AND c.organisation_id = a.organisation_id AND c.id <> a.return_id)
  )
  INSERT INTO edi_snapshot.member (release_id, organisation_id, pseudonym, stage, answers)
  SELECT $1::uuid, a.organisation_id, a.pseudonym, a.stage, ${array}
  FROM rows a
  ${joins}
  WHERE a.nth = 1
  ORDER BY coalesce(a.pseudonym, uuid_send(a.id))`;
}

/** Codes of a row of answers, by the columns' names; the age is worked out for a day. */
const codesOn = (day: string): string =>
  CHARACTERISTICS.map((key) => {
    const code = key === 'age' ? `edi_answers.age_on(v.year_of_birth, v.age_band, ${day})` : `v.${columnOf(key)}`;
    return `${code} AS ${columnOf(key)}`;
  }).join(',\n');

/**
 * Members who are registered here ($1 release, $2 collection, $3 day of the snapshot), with their answers as they stood on the day of
 * their stage; of who had not answered by then, and of the registered, as they stand on the day of the snapshot. Those who objected
 * are left out, and so is whoever calls an organisation home that returned all of its people in another form.
 */
export function liveMembers(places: Places, characteristics: readonly PublishedCharacteristic[]): string {
  const { array, joins } = answerNumbers(places, characteristics);
  const stood = (day: string): string => `(v."from" <= ${day} AND (v.until IS NULL OR v.until > ${day}))`;
  // Of the two sets of answers that somebody may have, the one of the day of their stage comes first, and only the first is taken.
  return `
  INSERT INTO edi_snapshot.member (release_id, organisation_id, pseudonym, stage, answers)
  SELECT DISTINCT ON (a.pseudonym) $1::uuid, a.organisation_id, a.pseudonym, a.stage, ${array}
  FROM (
    SELECT p.organisation_id, p.pseudonym, p.stage, ${stood('p.day')} AS then,
      ${codesOn(`CASE WHEN ${stood('p.day')} THEN p.day ELSE $3::date END`)}
    FROM (
      SELECT g.pseudonym, g.organisation_id, g.stage, CASE g.stage WHEN 'registered' THEN $3::date ELSE g.day END AS day
      FROM arriving g
      WHERE NOT EXISTS (SELECT FROM edi_answers.objection o WHERE o.pseudonym = g.pseudonym)
        AND g.organisation_id NOT IN (${RETURNED_WHOLE})
    ) p
    LEFT JOIN edi_answers.answer_set v ON v.pseudonym = p.pseudonym AND (${stood('p.day')} OR ${stood('$3::date')})
  ) a
  ${joins}
  ORDER BY a.pseudonym, a.then DESC NULLS LAST`;
}
