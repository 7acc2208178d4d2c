/**
 * How much one request may ask for. Counted before anything runs and without expanding fragments more than
 * once, so that counting is never the expensive part.
 *
 * Cost: every field costs one, times the size of each list above it. A connection's size is its `first` or
 * `last`, that of `_entities` as many as are asked for; any other list counts as ten. Every item of a list in the
 * variables costs one. `__typename` and introspection are free (graphql-js bounds their depth).
 */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../graphql/connection.js';
import type { EdgeContext } from './context.js';
import { LEAST_COST, tooMuch } from './rate-limits.js';

export const LIMITS = { depth: 20, aliases: 50, directives: 50, rootFields: 20, cost: 50_000, tokens: 5_000 } as const;

export interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  readonly cost: number;
}

const ASSUMED_LIST = 10;
const NOTHING = { depth: 0, cost: 0 };

interface Subtotal {
  readonly depth: number;
  readonly cost: number;
}

/**
 * Of operations whose size no variable decides, so that they are measured once; documents that come again are the same
 * object.
 */
const measuredBefore = new WeakMap<OperationDefinitionNode, Measure>();

/** Measures an operation of a valid document. */
export function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Measure {
  const before = measuredBefore.get(operation);
  if (before !== undefined) return { ...before, cost: before.cost + itemsOf(variables) };
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const counter = new Counter(schema, fragments, variables);
  const root = schema.getRootType(operation.operation);
  const total = root ? counter.selections(operation.selectionSet, root.name, false) : NOTHING;
  const measured = {
    depth: total.depth,
    cost: total.cost,
    ...countsOf(document),
    rootFields: counter.rootFields(operation.selectionSet),
  };
  if (!counter.dependsOnVariables) measuredBefore.set(operation, measured);
  return { ...measured, cost: measured.cost + itemsOf(variables) };
}

class Counter {
  /** A fragment costs the same wherever it is spread, so each is counted once per kind of place. */
  readonly #known = new Map<string, Subtotal>();
  readonly #knownRoots = new Map<string, number>();
  dependsOnVariables = false;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** @param paged inside a connection, whose size the field above has already counted */
  selections(set: SelectionSetNode, typeName: string, paged: boolean): Subtotal {
    let depth = 0;
    let cost = 0;
    for (const node of set.selections) {
      let part: Subtotal;
      if (node.kind === Kind.FIELD) part = this.field(node, typeName, paged);
      else if (node.kind === Kind.FRAGMENT_SPREAD) part = this.fragment(node.name.value, paged);
      else part = this.selections(node.selectionSet, node.typeCondition?.name.value ?? typeName, paged);
      depth = Math.max(depth, part.depth);
      cost += part.cost;
    }
    return { depth, cost };
  }

  rootFields(set: SelectionSetNode): number {
    let count = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) count += 1;
      else if (node.kind === Kind.INLINE_FRAGMENT) count += this.rootFields(node.selectionSet);
      else count += this.rootFieldsOf(node.name.value);
    }
    return count;
  }

  private rootFieldsOf(name: string): number {
    const fragment = this.fragments.get(name);
    const count = this.#knownRoots.get(name) ?? (fragment ? this.rootFields(fragment.selectionSet) : 0);
    this.#knownRoots.set(name, count);
    return count;
  }

  private fragment(name: string, paged: boolean): Subtotal {
    const fragment = this.fragments.get(name);
    if (!fragment) return NOTHING;
    const key = `${name} ${paged}`;
    const subtotal =
      this.#known.get(key) ?? this.selections(fragment.selectionSet, fragment.typeCondition.name.value, paged);
    this.#known.set(key, subtotal);
    return subtotal;
  }

  private field(node: FieldNode, typeName: string, paged: boolean): Subtotal {
    const type = this.typeOf(typeName, node.name.value);
    if (type === undefined) return NOTHING;
    const named = getNamedType(type);
    if (!node.selectionSet || !isCompositeType(named)) return { depth: 1, cost: 1 };
    const isConnection = named.name.endsWith('Connection');
    const inner = this.selections(node.selectionSet, named.name, isConnection);
    return { depth: inner.depth + 1, cost: 1 + inner.cost * this.sizeOf(node, type, isConnection, paged) };
  }

  private typeOf(typeName: string, fieldName: string): GraphQLOutputType | undefined {
    const type = this.schema.getType(typeName);
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName]?.type : undefined;
  }

  private sizeOf(node: FieldNode, type: GraphQLOutputType, isConnection: boolean, paged: boolean): number {
    if (isConnection) return this.pageSize(node.arguments ?? []);
    if (node.name.value === '_entities') return this.representations(node.arguments ?? []);
    const isList = isListType(isNonNullType(type) ? type.ofType : type);
    return isList && !paged ? ASSUMED_LIST : 1;
  }

  private representations(given: readonly ArgumentNode[]): number {
    for (const { value } of given) {
      const list = value.kind === Kind.VARIABLE ? this.variable(value.name.value) : value;
      if (Array.isArray(list)) return list.length;
      if (value.kind === Kind.LIST) return value.values.length;
    }
    return 1;
  }

  private variable(name: string): unknown {
    this.dependsOnVariables = true;
    return this.variables[name];
  }

  /** A size out of range is refused later, with a better sentence; here it only must not hide the cost. */
  private pageSize(given: readonly ArgumentNode[]): number {
    for (const { name, value } of given) {
      if (name.value !== 'first' && name.value !== 'last') continue;
      const size =
        value.kind === Kind.INT
          ? Number(value.value)
          : value.kind === Kind.VARIABLE
            ? this.variable(value.name.value)
            : null;
      if (typeof size === 'number') return Math.min(Math.max(size, 1), LARGEST_PAGE);
    }
    return DEFAULT_PAGE;
  }
}

function countsOf(document: DocumentNode): Pick<Measure, 'aliases' | 'directives'> {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field(node) {
      if (node.alias) aliases += 1;
    },
    Directive() {
      directives += 1;
    },
  });
  return { aliases, directives };
}

/** Of all lists in the variables, at any depth. A loop, because a client decides how deep they are. */
function itemsOf(variables: Readonly<Record<string, unknown>>): number {
  let items = 0;
  const open: unknown[] = [variables];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) items += next.length;
    for (const inner of Object.values(next)) open.push(inner);
  }
  return items;
}

const SENTENCES: Readonly<Record<keyof Measure, string>> = {
  depth: 'is nested too deeply',
  aliases: 'has too many aliases',
  directives: 'has too many directives',
  rootFields: 'has too many root fields',
  cost: 'asks for too much at once; ask for smaller pages or fewer fields',
};

/** The first limit that is passed, as a sentence. */
export function excess(measured: Measure): string | undefined {
  for (const what of ['depth', 'aliases', 'directives', 'rootFields', 'cost'] as const) {
    if (measured[what] > LIMITS[what])
      return `The operation ${SENTENCES[what]} (${what} ${measured[what]}, at most ${LIMITS[what]}).`;
  }
  return undefined;
}

/** Refuses what passes a limit, charges the client for the rest, and echoes the cost of both in `extensions.cost`. */
export function limitsPlugin(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => {
      let measured: Measure | undefined;
      return {
        didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
          if (!operation) return;
          measured = measure(schema, document, operation, request.variables ?? {});
          const sentence = excess(measured);
          if (sentence !== undefined)
            throw new GraphQLError(sentence, { extensions: { code: 'QUERY_TOO_COSTLY', http: { status: 400 } } });
          const grant = contextValue.meter?.charge(Math.max(0, measured.cost - LEAST_COST));
          if (grant?.granted === false)
            throw new GraphQLError(tooMuch(grant), { extensions: { code: 'RATE_LIMITED', http: { status: 429 } } });
        },
        willSendResponse: async ({ response }) => {
          if (measured === undefined || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          singleResult.extensions = {
            ...singleResult.extensions,
            cost: { requested: measured.cost, limit: LIMITS.cost },
          };
        },
      };
    },
  };
}
