/** Enumerations whose every value says what it means. */
import { registerEnumType } from 'type-graphql';

/**
 * Registers a GraphQL enum from a table of value -> description and returns the object that decorators name:
 * `const Channel = enumType('Channel', '...', { ONLINE: '...' })`, then `@Field(() => Channel)`.
 */
export function enumType<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): { readonly [Each in Value]: Each } {
  const names = Object.keys(values) as Value[];
  const enumeration = Object.fromEntries(names.map((value) => [value, value])) as { [Each in Value]: Each };
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }]));
  registerEnumType(enumeration, { name, description, valuesConfig: valuesConfig as never });
  return enumeration;
}
