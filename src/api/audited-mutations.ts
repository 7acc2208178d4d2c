/** Every mutation of an administrator is an act: here it begins, and infrastructure/db/acts.ts records it. */
import {
  defaultFieldResolver,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { v7 } from 'uuid';
import type { PrincipalKind } from '../domain/access/principal.js';
import { canonicalJson } from '../domain/kernel/canonical.js';
import { isId } from '../graphql/scalars.js';
import type { Act, ActLog } from '../infrastructure/db/acts.js';
import type { EdgeContext } from './context.js';

const AUDITED: ReadonlySet<PrincipalKind> = new Set(['ADMIN', 'OPERATOR']);

/** Lets every mutation of administrators leave its entry, whatever it is: a new one is audited by being there. */
export function auditMutations(schema: GraphQLSchema, acts: ActLog): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = (field.resolve ?? defaultFieldResolver) as GraphQLFieldResolver<unknown, EdgeContext>;
    const types = Object.fromEntries(field.args.map(({ name, type }) => [name, { type }]));
    field.resolve = (source, args, context: EdgeContext, info) => {
      const run = () => resolve(source, args, context, info);
      const { principal, requestId } = context;
      if (principal === undefined || !AUDITED.has(principal.kind)) return run();
      const { subjects, input } = withoutTexts(types, args);
      const { subject: actor, kind: actorKind } = principal;
      const act: Act = { id: v7(), operation: field.name, actor, actorKind, requestId, subjects, input };
      return acts.run(act, run);
    };
  }
}

const LONGEST_INPUT = 4_000;
const MOST_ITEMS = 20;
const MOST_SUBJECTS = 100;
/** Scalars that say nothing about a person. Texts do, and so do numbers of unknown meaning in them. */
const PLAIN = new Set(['Boolean', 'Int', 'Decimal', 'BusinessDate', 'DateTime', 'CurrencyCode']);
/** Codes of things, which are texts too; `code` alone may be a member's. */
const CODE_OF_A_THING = /^(programme|partner|issuer|supplier|charity|bank|item|offer|choice|rule|currency|tax)Code$/;

/** What was said, without anything personal: texts are named and left out. */
export function withoutTexts(
  types: GraphQLFieldConfigArgumentMap,
  args: Readonly<Record<string, unknown>>,
): Pick<Act, 'subjects' | 'input'> {
  const subjects = new Set<string>();
  const shown = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, kept(name, types[name]?.type, value, subjects)]),
  );
  const json = canonicalJson(shown);
  return {
    subjects: [...subjects].slice(0, MOST_SUBJECTS),
    // By way of the text: instants become text, and what is left out of JSON is left out here.
    input: json.length <= LONGEST_INPUT ? (JSON.parse(json) as object) : { tooLong: json.length },
  };
}

const LEFT_OUT = '…';

function kept(name: string, given: GraphQLInputType | undefined, value: unknown, subjects: Set<string>): unknown {
  if (value === null || value === undefined || given === undefined) return value === undefined ? undefined : null;
  const type = getNullableType(given);
  if (isListType(type)) {
    const items = Array.isArray(value) ? value : [value];
    const first = items.slice(0, MOST_ITEMS).map((item) => kept(name, type.ofType, item, subjects));
    return items.length > MOST_ITEMS ? [...first, { more: items.length - MOST_ITEMS }] : first;
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return Object.fromEntries(
      Object.entries(value as object).map(([each, inner]) => [each, kept(each, fields[each]?.type, inner, subjects)]),
    );
  }
  if (typeof value === 'string' && isId(value)) {
    subjects.add(value);
    return value;
  }
  if (isEnumType(type) || PLAIN.has(type.name)) return value;
  return type.name === 'String' && CODE_OF_A_THING.test(name) ? value : LEFT_OUT;
}
