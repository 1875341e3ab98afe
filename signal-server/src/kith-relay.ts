// The relay process: reads the settings, starts the relay, stops when told to. Or one of the commands for who runs it.

import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseConfig } from './config.ts'
import { FolderSilentError } from './folder.ts'
import { createLog, TEXT_LOG } from './log.ts'
import { StartError } from './start-error.ts'
import { STOP_MS_MAX } from './limits.ts'
import { isOneConnectionsError } from './transport/repairs.ts'
import type { RelayLog } from './log.ts'
import type { RelayServer, ServerHost } from './server.ts'

let log: RelayLog = TEXT_LOG
const complain = (message: string): void => log.complain(message)

function exitWith(code: number, message: string): never {
  complain(message)
  process.exit(code)
}

/** An orderly exit would wait for the very disk that does not answer. The words go out first. */
function dieWith(message: string): never {
  writeSync(process.stderr.fd, `Kith: ${message}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

/** Its kind and place, without its message: a library may have put an address or an id into that. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = 'code' in error ? ` ${String(error.code)}` : ''
  const places = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  return [`${error.name}${code}`, ...places].join('\n')
}

/** A device that vanishes must not take the relay along; anything unknown ends it, so that whoever supervises it starts a clean one. */
function onUncaught(error: unknown): void {
  if (!isOneConnectionsError(error)) exitWith(1, `stopped by an unexpected error: ${kindOf(error)}`)
}

/** Unlike an exception, a rejection nobody waited for has broken off nothing else: libp2p leaves many behind as connections end. */
function onUnhandled(error: unknown): void {
  if (!isOneConnectionsError(error)) complain(`went on after an unexpected error: ${kindOf(error)}`)
}

export async function main(): Promise<void> {
  const [first = 'start', ...rest] = process.argv.slice(2)
  if (first.startsWith('-')) return start(process.argv.slice(2))
  if (first === 'start') return start(rest)
  // Loaded when asked for: the relay itself needs none of it, and they need nothing of libp2p.
  const { runCommand } = await import('./commands/run.ts')
  process.exitCode = await runCommand(first, rest)
}

async function start(args: readonly string[]): Promise<void> {
  const defaultDist = fileURLToPath(new URL('../../dist', import.meta.url))
  const parsed = parseConfig(process.env, args, { cwd: process.cwd(), defaultDist })
  if (parsed.kind === 'invalid') exitWith(1, parsed.message)
  if (parsed.kind === 'help') return void process.stdout.write(`${parsed.text}\n`)
  // Whatever the relay writes is for its own user only.
  process.umask(0o077)
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUnhandled)
  log = await createLog(parsed.config.log)
  const { startRelayServer } = await import('./server.ts')
  const host: ServerHost = { log, onLost: (reason) => exitWith(1, `${reason}; start it again`) }
  const server = await startRelayServer(parsed.config, host).catch((error: unknown) => {
    if (error instanceof FolderSilentError) dieWith(error.message)
    if (error instanceof StartError) exitWith(1, error.message)
    throw error
  })
  stopOnSignals(server)
  process.stdout.write(`Kith is at ${server.url}${server.localUrl === server.url ? '' : ` (here: ${server.localUrl})`}\n`)
}

function stopOnSignals(server: RelayServer): void {
  let isStopping = false
  const stop = (): void => {
    // A terminal tells the relay and npm at once, and npm passes on what it heard.
    if (isStopping) return
    isStopping = true
    setTimeout(() => exitWith(1, 'did not stop in time'), STOP_MS_MAX).unref()
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => exitWith(1, `did not stop cleanly: ${kindOf(error)}`),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
