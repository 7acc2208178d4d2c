import { type Feed, fileDigest, openFeed } from '../../../src/modules/imports/feed.js';
import { gzipped, writeImport } from './feed-fixture.js';

const place = (content: string | Buffer, name = 'feed.csv'): string => writeImport(content, { name }).file;

async function opened(path: string, format: 'csv' | 'ndjson', columns: string[]): Promise<Feed> {
  const feed = await openFeed(path, format, columns);
  if (!('rows' in feed)) throw new Error(JSON.stringify(feed));
  return feed;
}

async function rowsOf(path: string, format: 'csv' | 'ndjson' = 'csv', columns = ['a', 'b']): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { line, cells } of (await opened(path, format, columns)).rows()) rows.push([line, cells]);
  return rows;
}

describe('CSV', () => {
  test.each<[string, string, unknown[]]>([
    ['columns in the wanted order', 'b,x,a\n1,2,3\n', [[2, ['3', '1']]]],
    [
      'a byte order mark and CRLF',
      '\ufeffa,b\r\n1,2\r\n3,4\r\n',
      [
        [2, ['1', '2']],
        [3, ['3', '4']],
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', [[2, ['1', '2']]]],
    [
      'quotes, separators and line breaks in a cell',
      'a,b\n"1,""x""\n\ny",2\n3,4\n',
      [
        [2, ['1,"x"\n\ny', '2']],
        [5, ['3', '4']],
      ],
    ],
    [
      'empty lines',
      'a,b\n\n1,2\n\n\n3,4\n',
      [
        [3, ['1', '2']],
        [6, ['3', '4']],
      ],
    ],
    ['a stray quote', 'a,b\n5" pipe,2\n', [[2, ['5" pipe', '2']]]],
    [
      'a row that is too short',
      'a,b\n1\n3,4\n',
      [
        [2, { code: 'MALFORMED_ROW', reason: 'The row has 1 columns where the header has 2.' }],
        [3, ['3', '4']],
      ],
    ],
    ['a header alone', 'a,b\n', []],
  ])('%s', async (_, text, rows) => {
    expect(await rowsOf(place(text))).toEqual(rows);
  });

  test('gzip is seen from the content, whatever the name', async () => {
    const text = `a,b\n${'1,2\n'.repeat(100_000)}`;
    expect(await rowsOf(place(gzipped(text), 'feed.csv'))).toHaveLength(100_000);
    expect(await rowsOf(place(text, 'feed.csv.gz'))).toHaveLength(100_000);
  });

  test.each<[string, string, unknown]>([
    ['missing', 'a,x\n1,2\n', [{ column: 'b', fault: 'MISSING', header: ['a', 'x'] }]],
    ['there twice', 'a,b,b\n1,2,3\n', [{ column: 'b', fault: 'TWICE', header: ['a', 'b', 'b'] }]],
  ])('a column that is %s is told before any row is read', async (_, text, faults) => {
    expect(await openFeed(place(text), 'csv', ['a', 'b'])).toEqual(faults);
  });
});

describe('NDJSON', () => {
  test.each<[string, string, unknown[]]>([
    [
      'fields in the wanted order, numbers digit by digit',
      '{"b":1.10,"a":12345678901234567890.5}\n',
      [[1, ['12345678901234567890.5', '1.10']]],
    ],
    [
      'nothing and null are empty',
      '{"a":1,"b":2}\n{"a":null}\n',
      [
        [1, ['1', '2']],
        [2, ['', '']],
      ],
    ],
    [
      'empty lines and CRLF',
      '{"a":"x","b":true}\r\n\r\n{"a":"y","b":"z"}',
      [
        [1, ['x', 'true']],
        [3, ['y', 'z']],
      ],
    ],
    [
      'what is no object',
      '{"a":1,"b":2}\nnot json\n[1]\n{"a":{},"b":1}\n',
      [
        [1, ['1', '2']],
        [2, { code: 'MALFORMED_ROW', reason: 'The line is not JSON.' }],
        [3, { code: 'MALFORMED_ROW', reason: 'The line is not a JSON object.' }],
        [
          4,
          {
            code: 'MALFORMED_ROW',
            reason: 'The field a holds a list or an object where text or a number is expected.',
          },
        ],
      ],
    ],
  ])('%s', async (_, text, rows) => {
    expect(await rowsOf(place(text), 'ndjson')).toEqual(rows);
  });

  test('a field that none of the first rows has is missing', async () => {
    const text = '{"a":1}\n'.repeat(2_000);
    expect(await openFeed(place(text), 'ndjson', ['a', 'b'])).toEqual([{ column: 'b', fault: 'MISSING', header: [] }]);
    expect(await rowsOf(place(`{"a":1}\n{"b":2}\n${text}`), 'ndjson')).toHaveLength(2_002);
  });
});

describe('a file that cannot be read says so and stops everything', () => {
  test.each<[string, () => string, 'csv' | 'ndjson', RegExp]>([
    ['empty', () => place(''), 'csv', /is empty: a feed begins with a header line or a row/],
    [
      'a quote that is never closed',
      () => place(`a,b\n1,"2\n${'3,4\n'.repeat(10)}`),
      'csv',
      /cannot be read as CSV: Quote Not Closed.*Nothing was stored/,
    ],
    [
      'gzip cut short',
      () =>
        place(
          gzipped(`a,b\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i * 7}`).join('\n')}`).subarray(0, 40_000),
        ),
      'csv',
      /gzip file that is damaged or cut short/,
    ],
    [
      'gzip with a wrong byte',
      () => {
        const bytes = gzipped('{"a":1,"b":2}\n'.repeat(9_000));
        bytes.fill(0, 100, 110);
        return place(bytes);
      },
      'ndjson',
      /gzip file that is damaged or cut short/,
    ],
    ['a line without end', () => place(`{"a":1,"b":"${'x'.repeat(3_000_000)}`), 'ndjson', /A line is longer than 1 MB/],
  ])('%s', async (_, file, format, sentence) => {
    await expect(rowsOf(file(), format)).rejects.toThrow(sentence);
  });
});

test('a feed that is closed early leaves nothing open', async () => {
  const feed = await opened(place(gzipped(`a,b\n${'1,2\n'.repeat(500_000)}`)), 'csv', ['a', 'b']);
  await feed.close();
  for await (const row of feed.rows()) throw new Error(`a closed feed gave ${JSON.stringify(row)}`);
});

test('the digest names the bytes of the file', async () => {
  expect(await fileDigest(place('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
