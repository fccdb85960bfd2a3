import { gateThreshold } from './gate';
import type { Parameters } from './model';

const rules = (characteristics: Parameters['characteristics']): Parameters => ({
  base: 5,
  rule: { threshold: 8, zeros: 'whenNeeded', sensitive: false },
  characteristics,
});

describe('the threshold of the refresh gate', () => {
  it('is the largest that any figure has', () => {
    expect(gateThreshold(rules({ genderIdentity: { threshold: 10 }, age: {} }))).toBe(10);
    expect(gateThreshold(rules({ age: { threshold: 6 } }))).toBe(8);
    expect(gateThreshold(rules({}))).toBe(8);
  });
});
