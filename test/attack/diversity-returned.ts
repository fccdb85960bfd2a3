import ExcelJS from 'exceljs';

/** The people of an organisation as it returns them: some small groups, and three stages. */
export const ROWS = Array.from({ length: 83 }, (_, i) => {
  const groups = ['white', 'white', 'white', 'asian', 'white', 'black', 'white', 'white', 'mixed', 'asian', 'other'];
  const religions = ['christian', 'no-religion', 'muslim', 'no-religion', 'christian', 'hindu', 'no-religion'];
  return {
    'ethnic-group': i === 17 ? 'not-known' : (groups[i % groups.length] ?? ''),
    sex: i % 5 < 3 ? 'female' : 'male',
    religion: religions[i % religions.length] ?? '',
    'gender-identity': i % 19 === 4 ? 'different' : 'same-as-sex-registered',
    stage: i % 6 === 1 ? 'took-part' : i % 13 === 2 ? 'interested' : 'registered',
  };
});

/** What a template says, cell by cell. */
export async function cellsOf({ bytes, type }: { bytes: Buffer; type: string }): Promise<string> {
  if (type === 'text/csv') return bytes.toString('utf8');
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(bytes).buffer);
  return JSON.stringify(book.worksheets.map((sheet) => [sheet.name, sheet.getSheetValues()]));
}
