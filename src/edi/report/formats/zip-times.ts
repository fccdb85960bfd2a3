const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** The first day that a zip file can name, 1 January 1980, in the form of MS-DOS. */
const FIRST_DAY = 0x0021;

/**
 * Sets the time of every entry of a zip file (such as an XLSX workbook) to the first that there is, so that the same content is the
 * same bytes whenever it is made. Works on the buffer in place and answers it.
 * @throws Error where the buffer is no plain zip file
 */
export function withFixedTimes(zip: Buffer): Buffer {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('This is no zip file');
  let at = zip.readUInt32LE(end + 16);
  for (let entries = zip.readUInt16LE(end + 10); entries > 0; entries--) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new Error('The directory of this zip file is broken');
    setTime(zip, at + 12);
    const local = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(local) !== LOCAL) throw new Error('An entry of this zip file is broken');
    setTime(zip, local + 10);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return zip;
}

function setTime(zip: Buffer, at: number): void {
  zip.writeUInt16LE(0, at);
  zip.writeUInt16LE(FIRST_DAY, at + 2);
}
