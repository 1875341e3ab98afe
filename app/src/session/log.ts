// The one place that writes to the browser's console: lines for operators and developers, never content, never secrets.

/* oxlint-disable no-console -- This is the one place. */

export const logLine = (line: string): void => console.debug(`kith: ${line}`)

export const logProblem = (line: string, cause?: unknown): void => console.warn(`kith: ${line}`, cause ?? '')
