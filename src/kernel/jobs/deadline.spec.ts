import { endedWithin } from './deadline';

it('waits for work that ends', async () => {
  expect(await endedWithin(60, Promise.resolve())).toBe(true);
  await expect(endedWithin(60, Promise.reject(new Error('no')))).rejects.toThrow('no');
});

it('does not wait for ever', async () => {
  expect(await endedWithin(0.01, new Promise(() => undefined))).toBe(false);
});
