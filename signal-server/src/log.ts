// What the relay writes to stderr: a line for people, or with KITH_LOG=json a line of JSON for each event (pino). Neither is given a visitor's
// address, a key or an id of anybody; of errors that nobody foresaw it is given the kind and the place, not the message.

import type { LogForm } from './config.ts'

/** What happened as such, for json only: the other form is silent as long as all is well. */
export type LogEvent = 'started' | 'stopping' | 'stopped' | 'blocked' | 'unblocked' | 'purged'
export type RelayLog = {
  /** Something is wrong; the line says which setting to look at. */
  complain(message: string): void
  note(event: LogEvent, fields?: Readonly<Record<string, string | number>>): void
}

export const TEXT_LOG: RelayLog = {
  complain: (message) => void process.stderr.write(`Kith: ${message}\n`),
  note: () => {},
}

export async function createLog(form: LogForm): Promise<RelayLog> {
  if (form === 'text') return TEXT_LOG
  const { pino } = await import('pino')
  // Written at once: a line about why the relay ends must not end with it. No process or host names: whoever gathers logs knows them.
  const options = { base: { app: 'kith-relay' }, formatters: { level: (label: string) => ({ level: label }) } }
  const log = pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }))
  return {
    complain: (message) => log.warn({ event: 'complaint' }, message),
    note: (event, fields = {}) => log.info({ event, ...fields }),
  }
}
