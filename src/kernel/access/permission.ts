/** One kind of action that a role may be given, such as `involvement.opportunity.publish`. */
export interface Permission {
  readonly name: string;
  /** What it allows, in plain English; shown in the OpenAPI document and the table of permissions. */
  readonly means: string;
}

const declared = new Map<string, Permission>();

/** Declares a permission. Areas do this in their `permissions.ts`; names are `area.noun.verb`, each declared once. */
export function permission(name: string, means: string): Permission {
  if (!/^[a-z-]+(\.[a-z-]+){2}$/.test(name)) throw new Error(`Permission ${name} is not written area.noun.verb`);
  if (declared.has(name)) throw new Error(`Permission ${name} is declared twice`);
  const made = { name, means };
  declared.set(name, made);
  return made;
}

/** All declared permissions by name. */
export const permissions = (): ReadonlyMap<string, Permission> => declared;

/** How far a role's permission reaches: all rows, those of the organisation of the membership, or the account's own. */
export type Extent = 'everywhere' | 'organisation' | 'own';
export interface Grant {
  readonly permission: Permission;
  readonly extent: Extent;
}

export const everywhere = (...list: Permission[]): Grant[] =>
  list.map((p) => ({ permission: p, extent: 'everywhere' }));
export const ofOrganisation = (...list: Permission[]): Grant[] =>
  list.map((p) => ({ permission: p, extent: 'organisation' }));
export const ofOwn = (...list: Permission[]): Grant[] => list.map((p) => ({ permission: p, extent: 'own' }));

/** Which permissions each role has. The application gives this; the kernel knows no role. */
export type Roles = Readonly<Record<string, readonly Grant[]>>;
export const ROLES = Symbol('roles');
