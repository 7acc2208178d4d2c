/** Batched reads of cards. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { byId } from '../../graphql/keyset.js';
import { inOrderOf } from '../../graphql/loaders.js';
import { nestedLoader } from '../../graphql/nested.js';
import { CardEntity } from './card.entity.js';
import { Card } from './card.graphql.js';

/** By id: a purchase keeps the card it was paid with. */
export const CARD_BY_ID: LoaderDefinition<string, Card | undefined> = {
  name: 'cards.by-id',
  async load(ids, { em }) {
    const found = await em.find(CardEntity, { id: { $in: [...ids] } });
    return inOrderOf(ids, found.map(Card.of), ({ id }) => id);
  },
};

export const CARDS = byId('cards', 'ASC');

export const CARDS_OF_MEMBER = nestedLoader<CardEntity>({
  name: 'cards.of-member',
  keyset: CARDS,
  entity: CardEntity,
  parent: { column: 'member_no', kind: 'integer' },
});
