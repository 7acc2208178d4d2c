/** `hansa programme schema`: the JSON Schema of programme files, for editors. */
import type { Command } from 'commander';
import { programmeJsonSchema } from '../modules/programme-files/index.js';

export function registerSchema(programme: Command): void {
  programme
    .command('schema')
    .description('print the JSON Schema of programme files (programmes/programme.schema.json); needs no database')
    .action(() => {
      process.stdout.write(programmeJsonSchema());
    });
}
