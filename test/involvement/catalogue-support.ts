import type { TestApp } from '../support/app';
import { act, Headers, makeDraft } from './opportunity-support';

/** Published one after the other, a minute apart, so that "newest" has an order. */
export const CATALOGUE: Record<string, object> = {
  stroke: {
    title: 'Life after stroke',
    summary: 'Help us plan groups for people who had a stroke.',
    kind: 'advisory-group',
    mode: 'in-person',
    place: { town: 'Leeds', outwardPostcode: 'LS2' },
    regionCode: 'E12000003',
    conditions: ['Stroke'],
    healthCategories: ['stroke'],
    payment: { kind: 'amount', pence: 5500, per: 'activity' },
    accessProvision: ['step-free', 'hearing-loop'],
    languages: ['en', 'cy'],
    minAge: 30,
    maxAge: 60,
    closesOn: '2026-12-01',
  },
  sleep: {
    title: 'Sleeping badly',
    summary: 'Tell us how you sleep in hospital.',
    kind: 'survey',
    mode: 'online',
    healthCategories: ['mental-health'],
    noExperienceNeeded: true,
    accessProvision: ['captions'],
    languages: ['en'],
    openToUnder18: true,
    safeguarding: 'Two staff read every answer.',
    closesOn: '2026-12-20',
  },
  breath: {
    title: 'Short of breath',
    summary: 'Two evenings about living with a lung condition. We also talk about sleep.',
    kind: 'focus-group',
    mode: 'in-person',
    place: { town: 'Truro', outwardPostcode: 'TR1' },
    regionCode: 'E12000009',
    healthCategories: ['respiratory'],
    payment: { kind: 'none' },
    languages: ['en'],
    closesOn: '2026-12-10',
    welsh: { title: 'Byr o wynt', summary: 'Dwy noson yn sgwrsio.' },
  },
};

/** Publishes an opportunity of the project, and answers its id. */
export async function publish(t: TestApp, who: Headers, project: string, more: object): Promise<string> {
  const { id } = await makeDraft(t, who, project, more);
  await act(t, who, id, 'publish').expect(200);
  return id;
}

/** Publishes the whole catalogue; ids by the short names above. */
export async function publishAll(t: TestApp, who: Headers, project: string): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const [name, more] of Object.entries(CATALOGUE)) {
    ids[name] = await publish(t, who, project, more);
    t.clock.advance(60_000);
  }
  return ids;
}
