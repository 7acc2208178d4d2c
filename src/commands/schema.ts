/** `hansa schema`: prints the API's schema, which `npm run schema` keeps in schema.graphql. */
import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('schema')
    .description('print the GraphQL schema, sorted')
    .action(async () => {
      // Loaded late: no other command needs the resolvers.
      const [{ createSchema, printSorted }, { resolvers }] = await Promise.all([
        import('../api/schema.js'),
        import('../resolvers.js'),
      ]);
      process.stdout.write(printSorted(await createSchema(resolvers)));
    });
}
