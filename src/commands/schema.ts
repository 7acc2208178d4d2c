/** `hansa schema`: prints the API's schema, which `npm run schema` keeps in schema.graphql, or what routers compose. */
import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('schema')
    .description('print the GraphQL schema, sorted')
    .option('--subgraph', 'with the directives of Federation 2, for a router to compose from')
    .action(async ({ subgraph }: { subgraph?: boolean }) => {
      // Loaded late: no other command needs the resolvers.
      const [{ createSchema, printSorted }, { subgraphText }, { resolvers }] = await Promise.all([
        import('../api/schema.js'),
        import('../api/federation.js'),
        import('../resolvers.js'),
      ]);
      const schema = await createSchema(resolvers);
      process.stdout.write(subgraph ? `${subgraphText(schema)}\n` : printSorted(schema));
    });
}
