/** The product with a mistake in it, for the torture to find: a copy of the build in which a few words are others. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTemporaryFolder } from '../support/server.js';
import { ownProduct } from './gateway-process.js';

interface Mistake {
  /** Of the build. */
  readonly file: string;
  /** What is written there, and what instead; each must be there. */
  readonly edits: readonly (readonly [from: string, to: string])[];
}

export const MISTAKES = {
  /** Whoever writes does not say so, and a window closes under its hands. */
  NO_FENCE: {
    file: 'modules/ledger/fence.js',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the build has it
    edits: [['select pg_advisory_xact_lock_shared(${FENCE}, p.no), current_setting', 'select current_setting']],
  },
  /** Members are locked in whatever order comes. */
  NO_SORT: {
    file: 'modules/members/member.sql.js',
    edits: [['any ($1::int[]) order by member_no for update', 'any ($1::int[]) order by random() for update']],
  },
  /** The client is told that it is done, and a moment later it is; once there is anything to lose. */
  EARLY_ANSWER: {
    file: 'infrastructure/db/database.js',
    edits: [
      ['let broken;', 'let broken; let committing = Promise.resolve();'],
      [
        'await tx.run(COMMIT);',
        `const [{ late }] = await tx.run({ name: 'planted.late', text: 'select exists (select from journal_entry) as late' });
         committing = new Promise((done) => setTimeout(done, late ? 250 : 0)).then(() => client.query('commit')).catch(() => undefined);
         if (!late) await committing;`,
      ],
      ['client.release(broken);', 'void committing.then(() => client.release(broken));'],
    ],
  },
} satisfies Record<string, Mistake>;

/** @returns the folder of such a product; it goes with this process */
export function plant({ file, edits }: Mistake): string {
  const folder = openTemporaryFolder('hansa-planted-');
  const own = ownProduct();
  cpSync(join(own, 'dist', 'src'), join(folder, 'dist', 'src'), { recursive: true });
  // Not as a link: what it starts is found beside the real one.
  cpSync(join(own, 'bin'), join(folder, 'bin'), { recursive: true });
  for (const name of ['package.json', 'migrations', 'programmes', 'node_modules'])
    symlinkSync(join(own, name), join(folder, name));
  const path = join(folder, 'dist', 'src', file);
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) throw new Error(`${file} does not say once: ${from}`);
    text = text.replace(from, () => to);
  }
  writeFileSync(path, text);
  return folder;
}
