/** Secrets of clients: 256 bits of chance, told once, kept as a hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Says what it is to those who search leaked files for secrets. */
const PREFIX = 'hansa_secret_';
const BYTES = 32;

export const newSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64url');

export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** In the same time whatever differs. */
export const isSecretOf = (secret: string, hash: Buffer): boolean => timingSafeEqual(secretHash(secret), hash);
