/**
 * Calls resolvers directly, as type-graphql would after its own steps. For every field it sorts parameters, copies inputs into
 * instances of their classes (looking each class up in a list) and waits for a validation that is off; on a screen of a hundred
 * fields that is half of the execution. Our inputs and arguments are read as plain values, so nothing of it is needed.
 *
 * Whatever is not as simple as that keeps type-graphql's resolver: middlewares, roles, custom parameters, a source that is
 * not of its class yet.
 */
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { type ContainerType, getMetadataStorage } from 'type-graphql';

type Storage = ReturnType<typeof getMetadataStorage>;
type Handler = Storage['queries'][number] | Storage['fieldResolvers'][number];
type Param = NonNullable<Handler['params']>[number];
type Resolve = GraphQLFieldResolver<unknown, Record<string, unknown>>;
type Class = new () => object;

/** What a parameter is given; undefined for what only type-graphql does. */
type Giver = (root: unknown, args: object, context: Record<string, unknown>, info: unknown) => unknown;

/** @param classes the resolvers of the schema; others may be declared in the same process */
export function resolveDirectly(schema: GraphQLSchema, classes: readonly unknown[], container: ContainerType): void {
  const { queries, mutations, fieldResolvers, objectTypes } = getMetadataStorage();
  const ours = new Set(classes);
  const replace = (typeName: string | undefined, handler: Handler, direct: (given: Resolve) => Resolve | undefined) => {
    const type = typeName === undefined ? undefined : schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[handler.schemaName] : undefined;
    if (field?.resolve === undefined || (handler.middlewares ?? []).length > 0 || handler.roles !== undefined) return;
    field.resolve = direct(field.resolve as Resolve) ?? field.resolve;
  };
  for (const [root, handlers] of [
    ['Query', queries],
    ['Mutation', mutations],
  ] as const) {
    for (const handler of handlers)
      if (ours.has(handler.target)) replace(root, handler, (given) => handled(handler, undefined, container, given));
  }
  for (const handler of fieldResolvers) {
    if (handler.kind === 'external' && !ours.has(handler.target)) continue;
    const source = handler.getObjectType?.() as Class | undefined;
    const name = objectTypes.find(({ target }) => target === source)?.name;
    if (source === undefined) continue;
    replace(name, handler, (given) =>
      handler.kind === 'external' ? handled(handler, source, container, given) : owned(handler, source, given),
    );
  }
}

/** A method of a resolver class. */
function handled(
  { target, methodName, params = [] }: Handler,
  source: Class | undefined,
  container: ContainerType,
  given: Resolve,
): Resolve | undefined {
  const givers = [...params].sort((a, b) => a.index - b.index).map(giverOf);
  if (!givers.every((giver) => giver !== undefined)) return undefined;
  let instance: Record<string, (...values: unknown[]) => unknown> | undefined;
  return (root, args, context, info) => {
    if (source !== undefined && !(root instanceof source)) return given(root, args, context, info);
    instance ??= container.get(target, { root, args, context, info }) as NonNullable<typeof instance>;
    const values = givers.map((give) => give(root, args, context, info));
    return (instance[methodName] as (...values: unknown[]) => unknown).apply(instance, values);
  };
}

/** A getter of the type's own class. */
function owned({ methodName }: Handler, source: Class, given: Resolve): Resolve {
  return (root, args, context, info) => {
    if (root instanceof source) {
      const value = (root as Record<string, unknown>)[methodName];
      if (typeof value !== 'function') return value;
    }
    return given(root, args, context, info);
  };
}

function giverOf(param: Param): Giver | undefined {
  switch (param.kind) {
    case 'context': {
      const { propertyName } = param;
      return propertyName === undefined
        ? (_root, _args, context) => context
        : (_root, _args, context) => context[propertyName];
    }
    case 'root':
      return param.propertyName === undefined ? (root) => root : undefined;
    case 'info':
      return (_root, _args, _context, info) => info;
    case 'arg': {
      const { name, validateFn, validateSettings } = param;
      if (validateFn !== undefined || validateSettings !== undefined) return undefined;
      return (_root, args) => (args as Record<string, unknown>)[name];
    }
    case 'args':
      return param.validateFn === undefined && param.validateSettings === undefined ? (_root, args) => args : undefined;
    default:
      return undefined;
  }
}
