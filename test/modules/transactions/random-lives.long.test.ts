import { tellRandomLives } from './random-lives.js';

test('nothing breaks in very many lives, and the books agree with themselves', () => tellRandomLives(200), 600_000);
