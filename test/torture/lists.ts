/** Some purchases travel in lists, as those of a partner that gathers them; whoever tells them need not know. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../model/random.js';
import type { PatientClient } from './client.js';

/** What comes so soon after another goes with it. */
const GATHERING_MS = 3;
const SINGLE = /^mutation \(\$input: TransactionSubmitInput!\) \{ transactionSubmit\(input: \$input\) (\{.*\}) \}$/;

interface Gathered {
  readonly transactions: object[];
  /** In the order of the list; undefined when something in it was refused. */
  readonly results: Promise<readonly object[] | undefined>;
}

/** @returns the same client, which puts so many of a hundred messages into lists with others of their partner */
export function inLists(ask: PatientClient['ask'], random: Random, percent: number): PatientClient['ask'] {
  const gathering = new Map<string, Gathered>();
  const gather = (name: string, token: string, selection: string, input: object): Gathered => {
    const transactions: object[] = [];
    const query = `mutation ($input: TransactionsSubmitInput!) { transactionsSubmit(input: $input) { results ${selection} userErrors { code message } } }`;
    const send = async () => {
      await delay(GATHERING_MS);
      gathering.delete(name);
      const { transactionsSubmit } = await ask(token, query, { input: { ...input, transactions } });
      const results: readonly { readonly userErrors: readonly object[] }[] = transactionsSubmit.results;
      return results.length > 0 && results.every(({ userErrors }) => userErrors.length === 0) ? results : undefined;
    };
    const gathered = { transactions, results: send() };
    gathering.set(name, gathered);
    return gathered;
  };
  return async (token, query, variables = {}) => {
    const selection = SINGLE.exec(query)?.[1];
    if (selection === undefined || !random.chance(percent)) return ask(token, query, variables);
    const { transaction, ...input } = (variables as { readonly input: { readonly transaction: object } }).input;
    const name = JSON.stringify([token, input]);
    const list = gathering.get(name) ?? gather(name, token, selection, input);
    const nth = list.transactions.push(transaction) - 1;
    const results = await list.results;
    // Each refusal is for itself: asked alone, what was accepted is answered as it was.
    return results === undefined ? ask(token, query, variables) : { transactionSubmit: results[nth] };
  };
}
