// What the server said of commands that went over the socket: that it took them, or refused them. What is not heard in
// time is asked again elsewhere; the server does a command once, however often it comes.

/** So that a person reads within three seconds that there was no answer: words of the status wait up to one of them. */
const IN_TIME_MS = 1_500;

/**
 * @typedef {{of: (command: string) => Promise<boolean>, note: (message: Wire.Frame) => void,
 *   giveUp: () => void}} Receipts
 */

/** @returns {Receipts} */
export function createReceipts() {
  /** @type {Map<string, (heard: boolean) => void>} */
  const open = new Map();
  return {
    /** Whether the server says in time that it has the command. */
    of: (command) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => settle(false), IN_TIME_MS);
        /** @param {boolean} heard */
        const settle = (heard) => {
          clearTimeout(timer);
          open.delete(command);
          resolve(heard);
        };
        open.set(command, settle);
      }),
    note(message) {
      const { kind } = message;
      if (kind === "accepted" || kind === "rejected") open.get(message.command_id ?? "")?.(true);
    },
    /** The link is gone: nothing more will be heard on it. */
    giveUp() {
      for (const settle of [...open.values()]) settle(false);
    },
  };
}
