// Why the relay did not start, in its operator's words.

/** The relay cannot start. The message is one line for the operator and names the setting to change. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
