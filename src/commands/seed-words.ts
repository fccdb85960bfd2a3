/** Words of which the measuring data are made. Nothing here is about anybody. */

const list = (words: string): readonly string[] => words.split(', ');

export const FIRST_NAMES = list(
  'Margaret, David, Susan, Mohammed, Priya, John, Agnieszka, Siân, Fatima, Kwame, Mary, Ahmed, Grace, Tomasz, Chloe, Owen, Aisha, Peter, Mei, Patrick, Nia, Samuel, Ruth, Ibrahim, Joan, Callum, Zainab, Gareth, Oluwaseun, Helen, Daniel, Yasmin, Robert, Ewa, Angela, Ravi, Moira, Hassan, Bethan, Leroy',
);
export const LAST_NAMES = list(
  'Smith, Jones, Patel, Williams, Khan, Brown, Taylor, Davies, Hussain, Wilson, Evans, Singh, Thomas, Roberts, Ali, Johnson, Walker, Wright, Robinson, Begum, Thompson, White, Hughes, Edwards, Green, Ahmed, Lewis, Wood, Kowalski, Okafor, Macdonald, Murphy, Chen, Rahman, Campbell, Nowak, O’Neill, Adeyemi, Fraser, Griffiths',
);
export const CONDITIONS = list(
  'asthma, diabetes, stroke, dementia, depression, anxiety, heart failure, kidney disease, arthritis, falls, chronic pain, breast cancer, bowel cancer, prostate cancer, lung cancer, COPD, epilepsy, Parkinson’s disease, multiple sclerosis, sickle cell, eczema, psoriasis, hearing loss, sight loss, autism, ADHD, obesity, high blood pressure, long COVID, endometriosis, menopause, pregnancy, preterm birth, HIV, hepatitis, sepsis, osteoporosis, back pain, sleep problems, self-harm, eating disorders, addiction, learning disability, brain injury, migraine, coeliac disease, Crohn’s disease, cystic fibrosis, tuberculosis, gum disease',
);
export const PEOPLE = list(
  'people who live with, carers of people with, parents of children with, young people who know about, older people who live with, neighbours of people with, people who have been treated for',
);
export const TASKS = list(
  'guide a study of, read leaflets about, choose the questions for research on, talk about daily life with, test an app for, help to design a trial of, look at what was found about, plan a day about, speak with others who know, write with us about',
);
export const SETTINGS = list(
  'at home, at work, in care homes, in the countryside, in busy clinics, after leaving hospital, in schools, in prisons, among new parents, in later life, in big families, on night shifts',
);
export const SENTENCES = [
  'We meet in the afternoon, with breaks and something to eat.',
  'You need no scientific words: what you know from your own life is what we lack.',
  'Your travel is booked and paid for before you set out.',
  'Somebody rings you before the first meeting and after each one.',
  'We write back within three weeks to say what changed because of you.',
  'Half of the group are members of the public, and one of them is in the chair.',
  'You can come with a friend, a carer or an interpreter.',
  'If a session is too much, you can leave, and you are still paid for it.',
  'What you say is written down without your name.',
  'The results are told to people who took part before anybody else.',
] as const;
