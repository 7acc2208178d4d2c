/**
 * The three roles, and how a connection becomes one of them.
 *
 * The owner runs migrations, the writer runs commands and jobs, the reader serves every GraphQL read under
 * row-level security. None is a superuser and none bypasses row-level security.
 */
import type pg from 'pg';

export const ROLES = ['hansa_owner', 'hansa_writer', 'hansa_reader'] as const;
export type RoleName = (typeof ROLES)[number];

/** PostgreSQL's code for a missing privilege. */
export const NOT_ALLOWED = '42501';

/** Makes the roles as log-ins with these passwords (the embedded server), repeatable. */
export async function makeLoginRoles(admin: pg.Client, passwords: Readonly<Record<RoleName, string>>): Promise<void> {
  for (const role of ROLES) {
    await makeRole(admin, role);
    await admin.query(
      `alter role ${role} login nosuperuser nobypassrls password ${admin.escapeLiteral(passwords[role])}`,
    );
  }
}

/** Makes the roles without log-in and lends them to the user of the connection (somebody else's server). */
export async function lendRoles(admin: pg.Client): Promise<void> {
  for (const role of ROLES) {
    await makeRole(admin, role);
    if (!(await mayBecome(admin, role))) await admin.query(`grant ${role} to current_user`);
  }
}

/** Tried, not asked: who made a role is its member, and since PostgreSQL 16 may still not become it. */
async function mayBecome(admin: pg.Client, role: RoleName): Promise<boolean> {
  try {
    await admin.query(`set role ${role}`);
    await admin.query('reset role');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === NOT_ALLOWED) return false;
    throw error;
  }
}

async function makeRole(admin: pg.Client, role: RoleName): Promise<void> {
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount !== 0) return;
  await admin.query(`create role ${role} nologin`).catch((error: { code?: string }) => {
    if (error.code !== '42710' && error.code !== '23505') throw error; // another start was quicker
  });
}

/**
 * The URL by which a log-in user connects as one of the roles: PostgreSQL switches at the start of the
 * session, and `reset role` comes back to the role, not to the user.
 */
export function urlAs(databaseUrl: string, role: RoleName): string {
  const url = new URL(databaseUrl);
  const options = [url.searchParams.get('options'), `-c role=${role}`].filter(Boolean).join(' ');
  url.searchParams.set('options', options);
  url.search = url.search.replaceAll('+', '%20'); // pg reads %20 as a space, not +
  return url.href;
}
