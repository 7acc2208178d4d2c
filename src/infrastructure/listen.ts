/** Turns what goes wrong when a server takes its port into a sentence with the way out. */
import { OperatorError } from './operator-error.js';

const SENTENCES: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} of ${host} is taken by another program. Stop that program, or choose another port: PORT=${port + 1}.`,
  EACCES: (_host, port) => `This user may not listen on port ${port}. Choose one above 1023, for example PORT=4000.`,
  EADDRNOTAVAIL: (host) =>
    `This machine has no address ${host}. Set HOST to one of its own, or to 0.0.0.0 to listen on all of them.`,
  ENOTFOUND: (host) => `HOST names ${host}, which is not known. Set it to an address of this machine.`,
};

/** Runs `listen` and answers what it answers; throws OperatorError when the address cannot be had. */
export async function listenAt<T>(host: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const sentence = SENTENCES[(error as NodeJS.ErrnoException).code ?? ''];
    if (sentence === undefined) throw error;
    throw new OperatorError(sentence(host, port), { cause: error });
  }
}
