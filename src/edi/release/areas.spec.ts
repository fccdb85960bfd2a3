import { areaOfAll, areaOfOne } from './areas';
import type { HomeOrganisation } from './units';

const network = (place: string, regionCode: string, regionName: string): HomeOrganisation => ({
  ...{ id: place, slug: place, name: `NIHR Regional Research Delivery Network: ${place}`, kind: 'regional-network' },
  ...{ regionCode, regionName, nationCode: 'E92000001' },
});
const centre: HomeOrganisation = {
  ...network('Leeds', 'E12000003', 'Yorkshire and The Humber'),
  kind: 'coordinating-centre',
};
const wales: HomeOrganisation = {
  ...centre,
  id: 'wales',
  kind: 'other',
  regionCode: null,
  regionName: null,
  nationCode: 'W92000004',
};
const NETWORKS = [
  network('North West', 'E12000002', 'North West'),
  network('North East and North Cumbria', 'E12000001', 'North East'),
  network('Yorkshire and Humber', 'E12000003', 'Yorkshire and The Humber'),
  network('North London', 'E12000007', 'London'),
  network('South London', 'E12000007', 'London'),
  network('South East', 'E12000008', 'South East'),
  network('South Central', 'E12000008', 'South East'),
  network('East of England', 'E12000006', 'East of England'),
];

describe('the area of a unit', () => {
  it('is a region only where the network is that region, whole and alone', () => {
    expect(NETWORKS.map((one) => [one.id, areaOfOne(one, [...NETWORKS, centre])]).filter(([, area]) => area)).toEqual([
      ['North West', 'E12000002'],
      ['Yorkshire and Humber', 'E12000003'],
      ['East of England', 'E12000006'],
    ]);
    expect([centre, wales].map((one) => areaOfOne(one, [centre, wales]))).toEqual([null, null]);
  });

  it('is, of all, the least area in which every counted organisation stands', () => {
    expect(areaOfAll([...NETWORKS, centre])).toBe('E92000001');
    expect(areaOfAll([...NETWORKS, wales])).toBe('K04000001');
    expect(areaOfAll([...NETWORKS, { ...wales, nationCode: null }])).toBeNull();
    expect(areaOfAll([])).toBeNull();
  });
});
