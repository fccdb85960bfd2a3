/** The whole public face of the diversity area: the permissions that roles are made of. Answers and counts stay inside. */
export * as permissions from './permissions';
