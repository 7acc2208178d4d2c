export { type CardRecord, findCards, linkCards, type NewCard } from './card.sql.js';
