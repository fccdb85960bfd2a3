import type { EndReason } from '../involvement/involvement.entity';
import type { NoticeKind, NoticeLanguage } from './notice.entity';

/** All that a notice may speak of. */
export interface NoticeFacts {
  /** Whom it is to; null where no name is known. */
  name: string | null;
  /** Title of the opportunity, in the notice's language where there is one. */
  title: string;
  organisation: string;
  /** Last day to answer an offer, YYYY-MM-DD. */
  answerBy: string | null;
  /** Why somebody was not selected. */
  reason: string | null;
  /** Where somebody stands in a draw: number `place` of `among`, for `places` places. */
  drawn: { place: number; places: number; among: number } | null;
  /** Whom to ask; where neither number nor address is known, at least who it is. */
  ask: { name: string; email: string | null; phone: string | null };
  /** Reference of the interest, in word that it came in. */
  reference: string | null;
  /** How an involvement ended: `until` is the first day on which it no longer ran, YYYY-MM-DD. */
  ended: { cancelled: boolean; because: EndReason | null; until: string | null } | null;
}

export interface Words {
  subject: string;
  text: string;
}

type Say = (facts: NoticeFacts, day: string) => [subject: string, ...sentences: string[]];

/** Why somebody's part ended, in words; nothing where the reason says nothing to them. */
const ENDED: Record<NoticeLanguage, Record<EndReason, string[]>> = {
  en: {
    finished: ['The reason: the work is finished.'],
    'contributor-chose': ['The reason: you asked for it.'],
    'project-ended': ['The reason: the project has ended.'],
    other: [],
  },
  cy: {
    finished: ['Y rheswm: mae’r gwaith wedi gorffen.'],
    'contributor-chose': ['Y rheswm: chi ofynnodd am hyn.'],
    'project-ended': ['Y rheswm: mae’r prosiect wedi dod i ben.'],
    other: [],
  },
};

const ENGLISH: Record<NoticeKind, Say> = {
  'interest-received': ({ title, reference }) => [
    `We have your interest: ${title}`,
    `Thank you for your interest in “${title}”. We have it.`,
    ...(reference
      ? [`Your reference is ${reference}. Keep it: by it you can ask how things stand, or change your mind.`]
      : []),
    'We will tell you what comes of it. You do not need to do anything now.',
  ],
  shortlisted: ({ title }) => [
    `You are on the shortlist: ${title}`,
    `Thank you for your interest in “${title}”.`,
    'You are on the shortlist. We will tell you what comes next. You do not need to do anything now.',
  ],
  reserve: ({ title }) => [
    `You are on the reserve list: ${title}`,
    `Thank you for your interest in “${title}”.`,
    'You are on the reserve list. There is no place for you now. If one becomes free, we will ask you.',
  ],
  offered: ({ title }, day) => [
    `We would like to offer you a place: ${title}`,
    `We would like to offer you a place in “${title}”.`,
    `Please tell us by ${day} whether you would like it. If we have not heard from you by then, we may ask somebody else.`,
  ],
  accepted: ({ title }) => [
    `You have a place: ${title}`,
    `You said yes to a place in “${title}”. We look forward to working with you.`,
    'We will be in touch about what happens first.',
  ],
  'not-selected': ({ title, reason }) => [
    `About your interest in ${title}`,
    `Thank you for your interest in “${title}”. We are sorry: you were not chosen this time.`,
    ...(reason ? [`The reason: ${reason}`] : []),
    'Thank you for the time that you gave to this.',
  ],
  lapsed: ({ title }, day) => [
    `Our offer has ended: ${title}`,
    `We offered you a place in “${title}” and asked you to answer by ${day}. We have not heard from you, so the offer has ended.`,
    'If you would still like to take part, please tell us.',
  ],
  drawn: ({ title, drawn }) => [
    `The result of the draw: ${title}`,
    `We drew names for “${title}”.`,
    !drawn || drawn.place <= drawn.places
      ? 'Your name was drawn for a place. We will send you an offer.'
      : `Your name was number ${drawn.place} of ${drawn.among}. There are ${drawn.places} places, so you are number ${drawn.place - drawn.places} on the reserve list. If a place becomes free, we will ask you.`,
  ],
  'opportunity-changed': ({ title }) => [
    `Something has changed: ${title}`,
    `Something has changed in “${title}” that may matter to you, such as a date, the place or the payment.`,
    'Please read it again, or ask us to tell you. You do not need to apply again.',
  ],
  'opportunity-withdrawn': ({ title }) => [
    `It will not go ahead: ${title}`,
    `We are sorry: “${title}” has been withdrawn, so nobody can take part in it.`,
    'Thank you for your interest.',
  ],
  'opportunity-hidden': ({ title }) => [
    `Not shown for now: ${title}`,
    `“${title}” is not shown to the public for now, while something is checked.`,
    'You do not need to do anything. You can ask us about it at any time.',
  ],
  'opportunity-shown-again': ({ title }) => [
    `Shown again: ${title}`,
    `“${title}” was not shown to the public for a while. The check is done, and it is shown again.`,
    'Nothing has changed for you. You do not need to do anything.',
  ],
  'involvement-ended': ({ title, ended }) => [
    `Your part has ended: ${title}`,
    ended?.cancelled
      ? `Your part in “${title}” will not go ahead.`
      : `Your part in “${title}” has ended.${ended?.until ? ` The last day: ${longDay(dayBefore(ended.until), 'en')}.` : ''}`,
    ...(ended?.because ? ENDED.en[ended.because] : []),
    ended?.cancelled
      ? 'Thank you for being ready to take part. If you did not expect this, please ask us.'
      : 'Thank you for all that you gave to it. If you did not expect this, please ask us.',
  ],
};

const WELSH: Record<NoticeKind, Say> = {
  'interest-received': ({ title, reference }) => [
    `Mae eich diddordeb wedi cyrraedd: ${title}`,
    `Diolch am eich diddordeb yn “${title}”. Mae wedi ein cyrraedd.`,
    ...(reference
      ? [
          `Eich cyfeirnod yw ${reference}. Cadwch ef: gallwch ei ddefnyddio i holi beth sy’n digwydd, neu i newid eich meddwl.`,
        ]
      : []),
    'Byddwn yn dweud wrthych beth fydd yn digwydd. Does dim angen i chi wneud dim nawr.',
  ],
  shortlisted: ({ title }) => [
    `Rydych ar y rhestr fer: ${title}`,
    `Diolch am eich diddordeb yn “${title}”.`,
    'Rydych ar y rhestr fer. Byddwn yn dweud wrthych beth fydd yn digwydd nesaf. Does dim angen i chi wneud dim nawr.',
  ],
  reserve: ({ title }) => [
    `Rydych ar y rhestr wrth gefn: ${title}`,
    `Diolch am eich diddordeb yn “${title}”.`,
    'Rydych ar y rhestr wrth gefn. Does dim lle i chi nawr. Os daw lle yn rhydd, byddwn yn gofyn i chi.',
  ],
  offered: ({ title }, day) => [
    `Hoffem gynnig lle i chi: ${title}`,
    `Hoffem gynnig lle i chi yn “${title}”.`,
    `Rhowch wybod i ni erbyn ${day} a hoffech gael y lle. Os na fyddwn wedi clywed gennych erbyn hynny, efallai y byddwn yn gofyn i rywun arall.`,
  ],
  accepted: ({ title }) => [
    `Mae gennych le: ${title}`,
    `Rydych wedi derbyn lle yn “${title}”. Edrychwn ymlaen at weithio gyda chi.`,
    'Byddwn mewn cysylltiad am yr hyn sy’n digwydd gyntaf.',
  ],
  'not-selected': ({ title, reason }) => [
    `Am eich diddordeb yn ${title}`,
    `Diolch am eich diddordeb yn “${title}”. Mae’n ddrwg gennym: ni chawsoch eich dewis y tro hwn.`,
    ...(reason ? [`Y rheswm: ${reason}`] : []),
    'Diolch am yr amser a roesoch i hyn.',
  ],
  lapsed: ({ title }, day) => [
    `Mae ein cynnig wedi dod i ben: ${title}`,
    `Fe wnaethom gynnig lle i chi yn “${title}” a gofyn am ateb erbyn ${day}. Nid ydym wedi clywed gennych, felly mae’r cynnig wedi dod i ben.`,
    'Os hoffech gymryd rhan o hyd, rhowch wybod i ni.',
  ],
  drawn: ({ title, drawn }) => [
    `Canlyniad y dewis ar hap: ${title}`,
    `Rydym wedi tynnu enwau ar gyfer “${title}”.`,
    !drawn || drawn.place <= drawn.places
      ? 'Cafodd eich enw ei dynnu am le. Byddwn yn anfon cynnig atoch.'
      : `Eich enw oedd rhif ${drawn.place} o ${drawn.among}. Nifer y lleoedd yw ${drawn.places}, felly rydych yn rhif ${drawn.place - drawn.places} ar y rhestr wrth gefn. Os daw lle yn rhydd, byddwn yn gofyn i chi.`,
  ],
  'opportunity-changed': ({ title }) => [
    `Mae rhywbeth wedi newid: ${title}`,
    `Mae rhywbeth wedi newid yn “${title}” a all fod yn bwysig i chi, fel dyddiad, y lle neu’r tâl.`,
    'Darllenwch ef eto, neu gofynnwch i ni. Does dim angen i chi wneud cais eto.',
  ],
  'opportunity-withdrawn': ({ title }) => [
    `Ni fydd yn digwydd: ${title}`,
    `Mae’n ddrwg gennym: mae “${title}” wedi’i dynnu’n ôl, felly ni all neb gymryd rhan.`,
    'Diolch am eich diddordeb.',
  ],
  'opportunity-hidden': ({ title }) => [
    `Ddim i’w weld am y tro: ${title}`,
    `Nid yw “${title}” i’w weld gan y cyhoedd am y tro, tra bod rhywbeth yn cael ei wirio.`,
    'Does dim angen i chi wneud dim. Gallwch ofyn i ni amdano unrhyw bryd.',
  ],
  'opportunity-shown-again': ({ title }) => [
    `I’w weld eto: ${title}`,
    `Nid oedd “${title}” i’w weld gan y cyhoedd am gyfnod. Mae’r gwirio wedi gorffen, ac mae i’w weld eto.`,
    'Does dim wedi newid i chi. Does dim angen i chi wneud dim.',
  ],
  'involvement-ended': ({ title, ended }) => [
    `Mae eich rhan wedi dod i ben: ${title}`,
    ended?.cancelled
      ? `Ni fydd eich rhan yn “${title}” yn digwydd.`
      : `Mae eich rhan yn “${title}” wedi dod i ben.${ended?.until ? ` Y diwrnod olaf: ${longDay(dayBefore(ended.until), 'cy')}.` : ''}`,
    ...(ended?.because ? ENDED.cy[ended.because] : []),
    ended?.cancelled
      ? 'Diolch am fod yn barod i gymryd rhan. Os nad oeddech yn disgwyl hyn, gofynnwch i ni.'
      : 'Diolch am bopeth a roesoch. Os nad oeddech yn disgwyl hyn, gofynnwch i ni.',
  ],
};

const SAYINGS: Record<NoticeLanguage, Record<NoticeKind, Say>> = { en: ENGLISH, cy: WELSH };
const GREETING: Record<NoticeLanguage, (name: string | null) => string> = {
  en: (name) => (name ? `Dear ${name},` : 'Hello,'),
  cy: (name) => (name ? `Annwyl ${name},` : 'Helo,'),
};
const ASK: Record<NoticeLanguage, string> = {
  en: 'If you have a question, ask',
  cy: 'Os oes gennych gwestiwn, gofynnwch i',
};

/** Before whom to ask in a text message, where each letter counts. */
const ASK_SHORT: Record<NoticeLanguage, string> = { en: 'Questions:', cy: 'Cwestiynau:' };

/** The words of a notice. A text message has no subject and no greeting, but always says whom to ask. */
export function noticeWords(kind: NoticeKind, language: NoticeLanguage, facts: NoticeFacts, short = false): Words {
  const [subject, ...sentences] = SAYINGS[language][kind](
    facts,
    facts.answerBy ? longDay(facts.answerBy, language) : '',
  );
  const { organisation } = facts;
  const { name, phone, email } = facts.ask;
  if (short) {
    // One way to answer is enough: the number, which a telephone can dial, else the address.
    const ask = `${ASK_SHORT[language]} ${[name, phone ?? email].filter(Boolean).join(', ')}.`;
    return { subject: '', text: [...sentences, ask, ...(name === organisation ? [] : [organisation])].join(' ') };
  }
  const ask = `${ASK[language]} ${[name, phone, email].filter(Boolean).join(', ')}.`;
  return { subject, text: [GREETING[language](facts.name), ...sentences, ask, organisation].join('\n\n') };
}

/** The words that carry a code to confirm a contact. */
export function codeWords(code: string, language: NoticeLanguage, title: string, minutes: number): Words {
  return language === 'cy'
    ? {
        subject: 'Eich cod',
        text: `Eich cod yw ${code}. Mae’n dangos y gallwn eich cyrraedd am “${title}”. Mae’n gweithio am ${minutes} munud. Os nad chi ofynnodd am hyn, gallwch ei anwybyddu.`,
      }
    : {
        subject: 'Your code',
        text: `Your code is ${code}. It shows that we can reach you about “${title}”. It works for ${minutes} minutes. If you did not ask for this, you can ignore it.`,
      };
}

const WEEKDAYS: Record<NoticeLanguage, readonly string[]> = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  cy: ['dydd Sul', 'dydd Llun', 'dydd Mawrth', 'dydd Mercher', 'dydd Iau', 'dydd Gwener', 'dydd Sadwrn'],
};
const MONTHS: Record<NoticeLanguage, readonly string[]> = {
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  cy: [
    'Ionawr',
    'Chwefror',
    'Mawrth',
    'Ebrill',
    'Mai',
    'Mehefin',
    'Gorffennaf',
    'Awst',
    'Medi',
    'Hydref',
    'Tachwedd',
    'Rhagfyr',
  ],
};

/** A day in words, such as Monday 30 November 2026. */
export function longDay(day: string, language: NoticeLanguage): string {
  const date = new Date(`${day}T00:00:00Z`);
  return [
    WEEKDAYS[language][date.getUTCDay()],
    date.getUTCDate(),
    MONTHS[language][date.getUTCMonth()],
    date.getUTCFullYear(),
  ].join(' ');
}

/** The day before, YYYY-MM-DD. */
const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
