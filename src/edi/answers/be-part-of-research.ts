import { UNSAID, yearProblem, type AnswerColumns, type Lookups } from './answer-columns';
import type { NotMapped } from './answers.dto';

/**
 * A volunteer as Be Part of Research's own software has them, read without asking for another shape. Its code names the fields
 * (public repositories of PA-NIHR-CRN): sex and gender, an ethnic group and a background of 15, one question on a long-term condition and
 * one on its effect, a date of birth, and the language in which the site was used.
 */
export type Volunteer = Readonly<Record<string, unknown>>;

export interface VolunteerLookups extends Lookups {
  codesOf(list: string): Promise<{ code: string; label: string }[]>;
}

/** What could be kept of a volunteer, by question; what could not; and what was not looked at. */
export interface Read {
  columns: Partial<AnswerColumns>;
  kept: string[];
  notMapped: NotMapped[];
  notRead: string[];
}

type Reader = (value: unknown, look: VolunteerLookups) => Promise<Part | Why>;
interface Part {
  questions: string[];
  columns: Partial<AnswerColumns>;
  /** A part of the answer that could not be mapped, where another could. */
  lost?: Why;
}
/** Why an answer could not be mapped. */
type Why = 'cannot_be_mapped' | 'unknown_value';

const WHY: Record<Why, string> = {
  cannot_be_mapped:
    'What was chosen has no counterpart in our lists, so it was left out: see the mappings of the code list.',
  unknown_value: 'This is no value that Be Part of Research uses for this field, so it was left out.',
};
const BACKGROUNDS = 'ethnic-background-be-part-of-research';

const plain = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
    : '';

const one = (question: string, columns: Partial<AnswerColumns>): Promise<Part> =>
  Promise.resolve({ questions: [question], columns });
const no = (why: Why): Promise<Why> => Promise.resolve(why);

const READERS: Readonly<Record<string, Reader>> = {
  sexregisteredatbirth: (value) => {
    const sex = plain(value);
    if (sex === 'female' || sex === 'male') return one('sex', { sex });
    return sex === UNSAID ? one('sex', { sex: UNSAID }) : no('unknown_value');
  },
  genderissameassexregisteredatbirth: (value) => {
    const said = typeof value === 'boolean' ? (value ? 'yes' : 'no') : plain(value);
    const codes: Record<string, string> = {
      yes: 'same-as-sex-registered',
      no: 'different',
      nosay: UNSAID,
      'no-say': UNSAID,
    };
    const code = Object.hasOwn(codes, said) ? codes[said] : undefined;
    return code ? one('gender-identity', { gender_identity: code }) : no('unknown_value');
  },
  ethnicgroup: (value) => {
    const group = plain(value);
    if (['asian', 'black', 'mixed', 'white', 'other'].includes(group))
      return one('ethnic-group', { ethnic_group: group });
    return group === UNSAID ? one('ethnic-group', { ethnic_group: UNSAID }) : no('unknown_value');
  },
  ethnicbackground: background,
  disability: condition,
  haslongtermcondition: condition,
  disabilitydescription: limits,
  dailylifeimpact: limits,
  dateofbirth: (value, { today }) => {
    const year = Number(/^(\d{4})-\d{2}-\d{2}(T|$)/.exec(String(value))?.[1]);
    if (!Number.isInteger(year) || yearProblem(year, today)) return no('unknown_value');
    return one('year-of-birth', { year_of_birth: year, age_band: null });
  },
  selectedlocale: async (value, look) => {
    const known = (await look.codesOf('locale-be-part-of-research/1')).find(({ code }) => code === value);
    if (!known) return 'unknown_value';
    const language = await look.mapped('locale-be-part-of-research/1', known.code, 'main-language/1');
    return language === null ? 'cannot_be_mapped' : one('main-language', { main_language: language });
  },
};

/** Reads what is known of a volunteer. Null counts as not asked. Names of fields are taken in any case. */
export async function readVolunteer(volunteer: Volunteer, look: VolunteerLookups): Promise<Read> {
  const read: Read = { columns: {}, kept: [], notMapped: [], notRead: [] };
  const miss = (field: string, why: Why): unknown => read.notMapped.push({ field, code: why, message: WHY[why] });
  for (const [field, value] of Object.entries(volunteer)) {
    const name = field.toLowerCase();
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (!reader) {
      read.notRead.push(field);
      continue;
    }
    if (value === null || value === undefined || value === '') continue;
    const part = await reader(value, look);
    if (typeof part === 'string') {
      miss(field, part);
      continue;
    }
    // A background says more of the group than the group that was chosen before it.
    const { ethnic_group: group, ...rest } = part.columns;
    Object.assign(read.columns, rest);
    if (group && (name === 'ethnicbackground' || read.columns.background_code == null))
      read.columns.ethnic_group = group;
    read.kept.push(...part.questions.filter((question) => !read.kept.includes(question)));
    if (part.lost) miss(field, part.lost);
  }
  return read;
}

/** The newest list that has it, by code or by label; older ones have boxes that the newest lacks. */
async function background(value: unknown, look: VolunteerLookups): Promise<Part | Why> {
  const wanted = plain(value);
  if (wanted === UNSAID)
    return {
      questions: ['ethnic-background'],
      columns: { ethnic_background: UNSAID, background_list: null, background_code: null },
    };
  for (const version of [2, 1]) {
    const list = `${BACKGROUNDS}/${version}`;
    const found = (await look.codesOf(list)).find(({ code, label }) => wanted === code || wanted === plain(label));
    const code = found?.code ?? (wanted.startsWith('british-english') ? 'british' : undefined);
    if (code === undefined) continue;
    const mapped = await look.mapped(list, code, 'ethnic-background/1');
    const group = await look.mapped(list, code, 'ethnic-group/1');
    return {
      questions: ['ethnic-background', ...(group === null ? [] : ['ethnic-group'])],
      columns: {
        ...{ ethnic_background: mapped, background_list: list, background_code: code },
        ...(group === null ? {} : { ethnic_group: group }),
      },
      ...(mapped === null ? { lost: 'cannot_be_mapped' as const } : {}),
    };
  }
  return 'unknown_value';
}

function condition(value: unknown): Promise<Part | Why> {
  if (value !== true && value !== false) return no('unknown_value');
  return one('long-term-condition', { long_term_condition: value ? 'yes' : 'no' });
}

async function limits(value: unknown, look: VolunteerLookups): Promise<Part | Why> {
  const list = 'daily-life-impact-be-part-of-research/1';
  const found = (await look.codesOf(list)).find(({ code, label }) =>
    [plain(code), plain(label)].includes(plain(value)),
  );
  if (!found) return 'unknown_value';
  const code = await look.mapped(list, found.code, 'activity-limited/1');
  return code === null ? 'cannot_be_mapped' : one('activity-limited', { activity_limited: code });
}
