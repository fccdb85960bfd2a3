/** Shapes of the reference data files in this folder. `verified: false` means from memory: to be checked against the source. */

/** code-lists.json */
export interface CodeListFile {
  about: string;
  lists: ReferenceCodeList[];
}
export interface ReferenceCodeList {
  key: string;
  version: number;
  name: string;
  about: string;
  source: string;
  verified: boolean;
  codes: {
    code: string;
    label: string;
    welshLabel?: string;
    /** It says that the person prefers not to say. */
    unknown?: boolean;
    /** It cannot be chosen together with others. */
    alone?: boolean;
  }[];
}

/** mappings.json. Lists are named `key/version`. */
export interface MappingFile {
  about: string;
  mappings: ReferenceMapping[];
}
export interface ReferenceMapping {
  from: string;
  to: string;
  source: string;
  verified: boolean;
  /** Every code of the list, `to` null where it cannot be mapped, and then `note` says why. */
  codes: { code: string; to: string | null; note?: string }[];
}

/** questionnaires.json */
export interface QuestionnaireFile {
  about: string;
  questionnaires: ReferenceQuestionnaire[];
}
export interface ReferenceQuestionnaire {
  key: string;
  version: number;
  title: string;
  description: string;
  /** Day of publication. */
  date: string;
  source: string;
  verified: boolean;
  questions: ReferenceQuestion[];
}
export interface ReferenceQuestion {
  linkId: string;
  text: string;
  type: 'choice' | 'integer' | 'string';
  /** Whether several codes may be chosen. */
  repeats?: boolean;
  maxLength?: number;
  /** Lists to choose from, `key/version`. */
  lists?: string[];
  /** Asked only where this question was answered so. */
  when?: { question: string; code: string; list: string };
}
