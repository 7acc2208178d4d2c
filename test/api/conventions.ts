/** The schema's conventions as rules: each takes a schema and names what breaks it. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

export type Rule = (schema: GraphQLSchema) => string[];

const typesOf = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type));

interface Member {
  readonly path: string;
  readonly description: string | null | undefined;
  /** As printed: "[Int!]!"; absent for enum values. */
  readonly type?: string;
}

/** Everything that a type, field or argument is made of, flat. */
function membersOf(type: GraphQLNamedType): Member[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => ({ path: `${type.name}.${name}`, description }));
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({
      path: `${type.name}.${field.name}`,
      description: field.description,
      type: String(field.type),
    }));
  }
  return fieldsOf(type).flatMap((field) => [
    { path: `${type.name}.${field.name}`, description: field.description, type: String(field.type) },
    ...field.args.map((argument) => ({
      path: `${type.name}.${field.name}(${argument.name}:)`,
      description: argument.description,
      type: String(argument.type),
    })),
  ]);
}

const fieldsOf = (type: GraphQLNamedType | null | undefined): GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

const allMembers = (schema: GraphQLSchema): Member[] => typesOf(schema).flatMap(membersOf);

const described: Rule = (schema) => [
  ...typesOf(schema)
    .filter(({ description }) => !description)
    .map(({ name }) => name),
  ...allMembers(schema)
    .filter(({ description }) => !description)
    .map(({ path }) => path),
];

const noFloat: Rule = (schema) =>
  allMembers(schema)
    .filter(({ type }) => /\bFloat\b/.test(type ?? ''))
    .map(({ path }) => path);

const noMinorUnits: Rule = (schema) =>
  allMembers(schema)
    .filter(({ path }) => /minor(\W|$)/i.test(path))
    .map(({ path }) => path);

const spelled: Rule = (schema) => [
  ...typesOf(schema)
    .filter(({ name }) => !/^[A-Z][A-Za-z]*$/.test(name))
    .map(({ name }) => name),
  ...typesOf(schema).flatMap((type) =>
    membersOf(type)
      .filter(
        ({ path }) =>
          !(isEnumType(type) ? /\.[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/ : /\.[a-z][A-Za-z0-9]*(\([a-z][A-Za-z0-9]*:\))?$/).test(
            path,
          ),
      )
      .map(({ path }) => path),
  ),
];

/** A list never holds nulls: what is missing is left out or has an error of its own. */
const noHoles: Rule = (schema) =>
  allMembers(schema)
    .filter(({ type }) => /\[\w+\]/.test(type ?? ''))
    .map(({ path }) => path);

const nullableRoots: Rule = (schema) =>
  [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    fieldsOf(root)
      .filter(({ type }) => isNonNullType(type))
      .map(({ name }) => `${root?.name}.${name}`),
  );

const oneInput: Rule = (schema) =>
  fieldsOf(schema.getMutationType())
    .filter(({ args }) => {
      const [argument, ...others] = args;
      return others.length > 0 || argument?.name !== 'input' || !/^\w+Input!$/.test(String(argument.type));
    })
    .map(({ name }) => `Mutation.${name}`);

const payloads: Rule = (schema) =>
  fieldsOf(schema.getMutationType())
    .filter(({ type }) => {
      const payload = getNamedType(type);
      const errors = isObjectType(payload) ? payload.getFields().userErrors : undefined;
      return !/Payload$/.test(payload.name) || !/^\[\w+UserError!\]!$/.test(String(errors?.type));
    })
    .map(({ name }) => `Mutation.${name}`);

const userErrors: Rule = (schema) =>
  typesOf(schema)
    .filter(({ name }) => /.UserError$/.test(name))
    .filter((type) => {
      const code = isObjectType(type) ? type.getFields().code : undefined;
      const isCoded = isNonNullType(code?.type) && isEnumType(code.type.ofType);
      return !(isObjectType(type) && isCoded && type.getInterfaces().some(({ name }) => name === 'UserError'));
    })
    .map(({ name }) => name);

const PAGE_ARGUMENTS = { first: 'Int', after: 'String', last: 'Int', before: 'String' };

const connections: Rule = (schema) => [
  ...typesOf(schema)
    .filter(({ name }) => name.endsWith('Connection'))
    .filter(({ name }) => {
      const node = name.replace(/Connection$/, '');
      const shape = Object.fromEntries(fieldsOf(schema.getType(name)).map((field) => [field.name, String(field.type)]));
      const edge = Object.fromEntries(
        fieldsOf(schema.getType(`${node}Edge`)).map((field) => [field.name, String(field.type)]),
      );
      return (
        shape.edges !== `[${node}Edge!]!` ||
        shape.nodes !== `[${node}!]!` ||
        shape.pageInfo !== 'PageInfo!' ||
        edge.cursor !== 'String!' ||
        edge.node !== `${node}!`
      );
    })
    .map(({ name }) => name),
  ...typesOf(schema).flatMap((type) =>
    fieldsOf(type)
      .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
      .filter(({ args }) =>
        Object.entries(PAGE_ARGUMENTS).some(
          ([name, wanted]) => String(args.find((argument) => argument.name === name)?.type) !== wanted,
        ),
      )
      .map(({ name }) => `${type.name}.${name}`),
  ),
];

/** A root list of things that have ids grows without end, so it is a connection. */
const rootLists: Rule = (schema) =>
  fieldsOf(schema.getQueryType())
    .filter(({ type }) => isListType(isNonNullType(type) ? type.ofType : type))
    .filter(({ type }) => fieldsOf(getNamedType(type)).some(({ name }) => name === 'id'))
    .map(({ name }) => `Query.${name}`);

const ids: Rule = (schema) =>
  typesOf(schema).flatMap((type) =>
    fieldsOf(type)
      .filter((field) => field.name === 'id' && String(field.type) !== 'ID!')
      .map(({ name }) => `${type.name}.${name}`),
  );

export const RULES: Readonly<Record<string, Rule>> = {
  'everything is described': described,
  'there is no Float': noFloat,
  'minor units stay inside': noMinorUnits,
  'names are spelled alike': spelled,
  'lists have no holes': noHoles,
  'root fields are nullable': nullableRoots,
  'mutations take one input': oneInput,
  'mutations answer payloads with userErrors': payloads,
  'user errors have a closed code': userErrors,
  'connections are Relay connections': connections,
  'root lists are connections': rootLists,
  'ids are ID!': ids,
};
