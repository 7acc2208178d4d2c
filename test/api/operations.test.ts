import { type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { readOperation, type SavedOperation, savedOperations } from '../../src/api/playground/operation.js';
import { createSchema } from '../../src/api/schema.js';
import { resolvers } from '../../src/resolvers.js';

let schema: GraphQLSchema;
let operations: SavedOperation[];
beforeAll(async () => {
  schema = await createSchema(resolvers);
  operations = await savedOperations();
});

test('every saved operation is valid, and so are its variables', () => {
  const problems = operations.flatMap(({ name, query, variables }) => {
    const document = parse(query);
    const [definition, ...others] = document.definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return [`${name}: not one operation`];
    const { errors = [] } = getVariableValues(schema, definition.variableDefinitions ?? [], JSON.parse(variables));
    return [...validate(schema, document), ...errors].map(({ message }) => `${name}: ${message}`);
  });
  expect(problems).toEqual([]);
});

test('the everyday tasks of an administrator are there', () => {
  expect(operations.map(({ title }) => title)).toEqual(
    expect.arrayContaining([
      'See a member',
      'Explain an accrual',
      'Preview a purchase',
      'Submit a purchase',
      'Close a window',
      'Read statements',
    ]),
  );
});

test('titles tell the operations apart', () => {
  expect(new Set(operations.map(({ title }) => title)).size).toBe(operations.length);
});

describe('a file that is not one is named', () => {
  test.each([
    ['without a title', '# group: G\n# about: A.\nquery { x }', /odd lacks "# title/],
    ['without a group', '# title: T\n# about: A.\nquery { x }', /odd lacks "# group/],
    ['with broken variables', '# title: T\n# group: G\n# about: A.\n# variables: {x}\nquery { x }', /JSON/],
  ])('%s', (_what, text, message) => {
    expect(() => readOperation('odd', text)).toThrow(message);
  });
});
