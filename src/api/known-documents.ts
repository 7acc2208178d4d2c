/**
 * Documents that were parsed and found valid, for when they come again. A document is kept when it comes for the second
 * time: clients repeat theirs, and a flood of others neither fills the memory nor drives theirs out.
 */
import type { DocumentNode } from 'graphql';

const MOST_CHARACTERS = 1_000_000;
const MOST_SEEN_ONCE = 5_000;

/** Apollo's documentStore: keys are hashes of the text. */
export class KnownDocuments {
  readonly #documents = new Map<string, DocumentNode>();
  readonly #seenOnce = new Set<string>();
  #characters = 0;

  async get(key: string): Promise<DocumentNode | undefined> {
    const document = this.#documents.get(key);
    if (document === undefined) return undefined;
    this.#documents.delete(key); // comes last again: the first is the one not used for longest
    this.#documents.set(key, document);
    return document;
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    if (this.#documents.has(key)) return;
    if (!this.#seenOnce.delete(key)) {
      this.#seenOnce.add(key);
      const oldest = this.#seenOnce.values().next();
      if (this.#seenOnce.size > MOST_SEEN_ONCE && !oldest.done) this.#seenOnce.delete(oldest.value);
      return;
    }
    this.#documents.set(key, document);
    this.#characters += lengthOf(document);
    for (const [oldest, forgotten] of this.#documents) {
      if (this.#characters <= MOST_CHARACTERS) break;
      this.#documents.delete(oldest);
      this.#characters -= lengthOf(forgotten);
    }
  }

  async delete(key: string): Promise<boolean> {
    const document = this.#documents.get(key);
    if (document !== undefined) this.#characters -= lengthOf(document);
    return this.#documents.delete(key);
  }
}

const lengthOf = (document: DocumentNode): number => document.loc?.source.body.length ?? 0;
