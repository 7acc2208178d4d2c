/**
 * The TypeScript client's operations with their types, from schema.graphql and src/client/operations; `npm run client`
 * writes them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import {
  buildSchema,
  concatAST,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql';

export const GENERATED = 'src/client/operations.ts';

/** All are strings on the wire; amounts never become numbers. */
const SCALARS = {
  BusinessDate: 'string',
  CurrencyCode: 'string',
  DateTime: 'string',
  Decimal: 'string',
  ID: 'string',
  Rate: 'string',
};

const HEADER = `/** Made by \`npm run client\` from schema.graphql and src/client/operations; a test compares. Do not edit. */
import type { Operation } from './client.js';
`;

/** @param project the folder of package.json */
export async function generateClient(project: string): Promise<string> {
  const sdl = readFileSync(join(project, 'schema.graphql'), 'utf8');
  const schemaAst = buildSchema(sdl, { assumeValid: true });
  const folder = join(project, 'src', 'client', 'operations');
  const document = concatAST(
    readdirSync(folder)
      .sort()
      .map((file) => parse(readFileSync(join(folder, file), 'utf8'))),
  );
  mustBeValid(schemaAst, document);
  const types = await codegen({
    filename: GENERATED,
    schema: parse(sdl),
    schemaAst,
    documents: [{ location: folder, document }],
    config: { scalars: SCALARS, useTypeImports: true, enumsAsTypes: true, skipTypename: true },
    plugins: [{ operations: {} }],
    pluginMap: { operations: typescriptOperations },
  });
  return `${HEADER}\n${types.trim()}\n\n${operationsOf(document).join('\n')}`;
}

function mustBeValid(schema: GraphQLSchema, document: DocumentNode): void {
  const problems = validate(schema, document).map(({ message }) => message);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** One constant for each operation, with the fragments that it uses. */
const operationsOf = (document: DocumentNode): string[] =>
  Object.values(separateOperations(document)).map((one) => {
    const operation = one.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const name = operation?.name?.value ?? '';
    const kind = operation?.operation === 'mutation' ? 'Mutation' : 'Query';
    return `export const ${name}: Operation<${name}${kind}, ${name}${kind}Variables> = {\n  name: '${name}',\n  text: \`${print(one)}\`,\n};\n`;
  });
