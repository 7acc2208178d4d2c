import { definitionsOf } from '../../src/api/playground/definitions.js';

test.each<[string, string[]]>([
  ['', []],
  ['# subscription { news }', []],
  ['{ node { id } }', ['query']],
  ['query { subscription }', ['query']],
  ['subscription { news { cursor } }', ['subscription']],
  ['subscription @late { news }', ['subscription']],
  ['# { \n subscription Follow($id: ID! = "{") @slow(by: 1) { news(id: $id) { cursor } }', ['subscription Follow']],
  ['query A { a(text: """ } \\""" { """) }\nsubscription B { b }', ['query A', 'subscription B']],
  [
    'fragment Money on Money { amount } mutation Pay { pay { money { ...Money } } }',
    ['fragment Money', 'mutation Pay'],
  ],
  ['subscription Unfinished { news', ['subscription Unfinished']],
])('the definitions of %j', (text, expected) => {
  expect(definitionsOf(text).map(({ keyword, name }) => [keyword, name].filter(Boolean).join(' '))).toEqual(expected);
});
