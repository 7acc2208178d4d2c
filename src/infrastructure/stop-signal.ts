/** Ctrl-C and what service managers send. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes on the Ctrl-C that the terminal has already sent: the same wish, not an impatient second one. */
const ECHO_MS = 1_000;

/** Resolves at the first signal; a later one ends the process at once, for the impatient. */
export async function untilToldToStop(): Promise<void> {
  let first: number | undefined;
  await new Promise<void>((stop) => {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (first !== undefined && Date.now() - first > ECHO_MS) process.exit(1);
        first ??= Date.now();
        stop();
      });
    }
  });
}
