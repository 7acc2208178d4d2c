/** Questions that together ask for every field of the schema: each root field, as deep as types do not repeat. */
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  OperationTypeNode,
} from 'graphql';

/** What an argument of this name and type, of this field, may be given, as literals; none leaves an optional argument out. */
export type Candidates = (name: string, type: string, of: string) => readonly string[];

export interface Walk {
  readonly questions: readonly string[];
  /** "Type.field" of everything that some question asks for. */
  readonly asked: ReadonlySet<string>;
  /** Everything of a type, with what follows a name in a question. */
  readonly selectionOf: (type: GraphQLOutputType) => string;
}

/** Deeper only into types that were not seen before. */
const MOST_LEVELS = 3;

export function walk(
  schema: GraphQLSchema,
  candidates: Candidates,
  kind: OperationTypeNode = OperationTypeNode.QUERY,
): Walk {
  const asked = new Set<string>();
  const seen = new Set<string>();

  const literalsOf = (name: string, type: GraphQLInputType, of: string): readonly string[] => {
    if (isNonNullType(type)) return literalsOf(name, type.ofType, of);
    if (isListType(type)) return literalsOf(name, type.ofType, of).map((one) => `[${one}]`);
    if (isEnumType(type)) return type.getValues().map((value) => value.name);
    if (!isInputObjectType(type)) return candidates(name, type.name, of);
    const fields = Object.values(type.getFields());
    const given =
      type.isOneOf || type.name === 'PayerInput' ? fields.slice(-1) : fields.filter(({ type }) => isNonNullType(type));
    return combinations(
      given.map((field) => literalsOf(field.name, field.type, of).map((one) => `${field.name}: ${one}`)),
    ).map((parts) => `{ ${parts.join(', ')} }`);
  };

  const argumentsOf = (args: readonly GraphQLArgument[], all: boolean, of: string): readonly string[] => {
    const lists = args
      .filter(
        ({ type, name }) => isNonNullType(type) || (all && candidates(name, getNamedType(type).name, of).length > 0),
      )
      .map(({ name, type }) => literalsOf(name, type, of).map((one) => `${name}: ${one}`));
    return combinations(lists).map((parts) => (parts.length === 0 ? '' : `(${parts.join(', ')})`));
  };

  const selectionOf = (type: GraphQLOutputType, path: readonly string[]): string => {
    const named = getNamedType(type);
    if (isLeafType(named)) return '';
    if (isUnionType(named) || isInterfaceType(named)) {
      const parts = schema.getPossibleTypes(named).map((one) => ` ... on ${one.name}${selectionOf(one, path)}`);
      return ` { __typename${parts.join('')} }`;
    }
    if (!isObjectType(named)) return '';
    const again = path.includes(named.name) || (path.length >= MOST_LEVELS && seen.has(named.name));
    if (!again) seen.add(named.name);
    const fields = Object.values(named.getFields()).filter((field) => !again || isLeafType(getNamedType(field.type)));
    const parts = fields
      .filter((field) => field.name !== 'edges') // what nodes holds, once more
      .map((field) => {
        const given = argumentsOf(field.args, false, named.name)[0];
        if (given === undefined) return '';
        asked.add(`${named.name}.${field.name}`);
        return ` ${aliasOf(named.name, field.name)}${field.name}${given}${selectionOf(field.type, [...path, named.name])}`;
      });
    return ` { __typename${parts.join('')} }`;
  };

  const root = schema.getRootType(kind);
  const questions = Object.values(root?.getFields() ?? {}).flatMap((field) => {
    asked.add(`${root?.name}.${field.name}`);
    const selection = selectionOf(field.type, []);
    return argumentsOf(field.args, true, field.name).map((given) => `${kind} { ${field.name}${given}${selection} }`);
  });
  return { questions, asked, selectionOf: (type) => selectionOf(type, []) };
}

/** Fields of one name and several types could not stand in one selection of an interface. */
const aliasOf = (type: string, field: string): string => `${type}_${field}: `;

function combinations(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((whole, list) => whole.flatMap((parts) => list.map((one) => [...parts, one])), [[]]);
}
