/** What the operations are about, in the order in which a reader meets it, with a line on each. Every operation has one of these. */
export const TAGS: readonly (readonly [name: string, description: string])[] = [
  [
    'Opportunities for the public',
    'Search what people can take part in, read one of them, and follow what has changed.',
  ],
  [
    'Interests',
    'Say that you would like to take part, follow where that stands, and take it back, with an account or without.',
  ],
  [
    'Selection and offers',
    'Shortlist, draw by lot, offer places and tell each person; accept or decline what you were offered.',
  ],
  ['Involvements', 'Who takes part in which project, in what role, and from when to when.'],
  ['Activities', 'What people did in an involvement: meetings, reviews and other sessions, and who was there.'],
  ['Notices', 'What each person is owed to be told, with its words, and whether they were told.'],
  ['Projects', 'The research, and the team that organises involvement in it.'],
  [
    'Opportunities: drafting and publishing',
    'Draft an opportunity, check how inclusive it is, have it reviewed, publish it, close it; many at once too.',
  ],
  [
    'Reports about opportunities',
    'Anybody may report an opportunity that is wrong or unsafe; staff settle the reports.',
  ],
  [
    'Contributors',
    'Patients, carers and members of the public, their ties to organisations, imports, and double records.',
  ],
  ['Access needs', 'What a person needs to take part, and with whom the person shares it.'],
  ['Lived experience', 'What a person chooses to write about their own experience.'],
  ['Consent', 'Why personal data are used, what a person agreed to, and what they object to.'],
  ['Your data', 'Everything that is held about a person, who read it, and how to have it erased.'],
  ['Organisations', 'Who runs research and involvement, their own choices, and applications of new ones.'],
  ['Accounts and roles', 'Who you are here, and which role an account has in which organisation.'],
  ['API keys', 'Keys with which sites read public data at a higher rate.'],
  ['Reference lists', 'Regions, health categories and languages, as other records name them.'],
  ['Questionnaires and code lists', 'What people are asked, what they can choose, and what a code is in another list.'],
  ['Diversity: your answers', 'What you say about yourself for equality monitoring: see, change, withdraw, object.'],
  [
    'Diversity: collections',
    'Rounds in which organisations return what they know: who returns what by when, and who is late.',
  ],
  ['Diversity: returns', 'Files of an organisation: checked, sent, corrected, signed off, and its own exact figures.'],
  [
    'Diversity: releases',
    'Figures that anybody may read: releases, their tables in every format, files with checksums, the calendar; and how they are made.',
  ],
  ['Diversity: reports', 'Pages for people, population figures to compare with, and the data dictionary.'],
  ['Diversity: gaps', 'Gaps that a release showed: who does what about them, and what became of it.'],
  ['Reach', 'How many people were reached, were interested, were selected and took part.'],
  ['Audit', 'Who changed what, and when.'],
  ['Service', 'What this service is, whether it is well, and this document.'],
];
