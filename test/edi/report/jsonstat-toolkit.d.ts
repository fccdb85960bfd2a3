/** What the tests use of jsonstat-toolkit 2, which comes without types. */
declare module 'jsonstat-toolkit' {
  interface Cell {
    value: number | null;
    status: string | null;
  }
  interface Dataset {
    class: string;
    id: string[];
    length: number;
    role: { geo?: string[] } | null;
    extension: object;
    Data(place: Record<string, string>): Cell;
    Dimension(id: string): { Category(code: string): { label: string } };
  }
  export default function JSONstat(response: unknown): Dataset;
}
