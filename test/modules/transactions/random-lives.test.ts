import { tellRandomLives } from './random-lives.js';

test('nothing breaks, and the books agree with themselves', () => tellRandomLives(8), 120_000);
