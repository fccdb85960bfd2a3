import { slugOf } from './slug';

describe('The slug of a name', () => {
  it.each([
    ['Lantern Community Research Group', 'lantern-community-research-group'],
    ["Guy's & St Thomas’ Charity", 'guys-and-st-thomas-charity'],
    ['Ymchwil Môn – Cymru', 'ymchwil-mon-cymru'],
    ['  (The)  Panel!  ', 'the-panel'],
    ['研究', 'organisation'],
    ['x'.repeat(200), 'x'.repeat(70)],
    [`${'word '.repeat(14)}and more`, 'word-word-word-word-word-word-word-word-word-word-word-word-word-word'],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});
