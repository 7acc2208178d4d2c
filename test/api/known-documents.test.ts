import { type DocumentNode, parse } from 'graphql';
import { KnownDocuments } from '../../src/api/known-documents.js';

const long = (name: string): DocumentNode => parse(`{ ${name} }${' '.repeat(300_000)}`);

test('what came once is not kept, what came twice is', async () => {
  const known = new KnownDocuments();
  const document = parse('{ a }');
  await known.set('a', document);
  expect(await known.get('a')).toBeUndefined();
  await known.set('a', document);
  expect(await known.get('a')).toBe(document);
  expect(await known.delete('a')).toBe(true);
  expect(await known.get('a')).toBeUndefined();
});

test('what was not used for longest is forgotten when there is too much', async () => {
  const known = new KnownDocuments();
  const keep = async (name: string): Promise<void> => {
    await known.set(name, long(name));
    await known.set(name, long(name));
  };
  for (const name of ['a', 'b', 'c']) await keep(name);
  await known.get('a');
  await keep('d');
  expect(await known.get('b')).toBeUndefined();
  for (const name of ['a', 'c', 'd']) expect(await known.get(name)).toBeDefined();
});

test('a flood of documents that never come again drives nothing out', async () => {
  const known = new KnownDocuments();
  const ours = parse('{ ours }');
  await known.set('ours', ours);
  await known.set('ours', ours);
  for (let index = 0; index < 6_000; index += 1) await known.set(`flood ${index}`, ours);
  expect(await known.get('ours')).toBe(ours);
  await known.set('flood 0', ours);
  expect(await known.get('flood 0')).toBeUndefined();
});
