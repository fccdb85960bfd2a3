/** What a job may hold: ids, codes, numbers, instants, and lists of them. */
export type JobData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

const ID_OR_CODE = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$/;

/**
 * What of the data is more than ids and codes, in words; undefined where all is well. Text with blanks, an at sign or more
 * than 64 characters is not an id: jobs outlive erasure for some days, so nothing about a person may stand in one.
 */
export function jobDataFault(data: JobData): string | undefined {
  for (const [field, value] of Object.entries(data)) {
    const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
    if (texts.some((text) => typeof text !== 'string' || !ID_OR_CODE.test(text)))
      return `text in "${field}" that is no id or code`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return `an object in "${field}"`;
  }
  return undefined;
}
