/**
 * The shape of a programme file as JSON Schema, for editors that complete and check YAML while it is written.
 *
 * Generated from the very schema that `hansa programme check` reads by. References between places of the file,
 * overlaps and sums are beyond JSON Schema; `check` finds those.
 */
import { z } from 'zod';
import { programmeSchema } from './programme-schema.js';

/** JSON Schema as text, with a newline at its end: what programmes/programme.schema.json holds. */
export function programmeJsonSchema(): string {
  // Draft 7 is what editors' YAML support understands everywhere.
  const { $schema, ...shape } = z.toJSONSchema(programmeSchema, { io: 'input', target: 'draft-7' });
  const schema = {
    $schema,
    title: 'Hansa programme',
    description: 'A loyalty programme as code. Run `npx hansa programme check FILE` for what a schema cannot see.',
    ...shape,
  };
  return `${JSON.stringify(schema, asEditorsRead, 2)}\n`;
}

/** Names of fields are always text; only their values may be numbers. */
const asEditorsRead = (key: string, value: unknown): unknown =>
  key === 'propertyNames' ? { ...(value as object), type: 'string' } : value;
