// The commands of `kith-relay` beside starting it. Each says what it did on stdout, or in one line on stderr why it did not, and ends with 0 or 1.

import { fileURLToPath } from 'node:url'
import { parseConfig } from '../config.ts'
import { askRelay } from '../control/ask.ts'
import { messageOf } from '../reports.ts'
import { backup, restore } from './copies.ts'
import { checkConfig } from './check-config.ts'
import { rotateKey } from './rotate-key.ts'
import type { Config, GivenSetting } from '../config.ts'

/** `words`: what is no setting. A command resolves with what to print; the message of what it rejects with is for the operator. */
export type CommandInput = {
  readonly config: Config
  readonly given: readonly GivenSetting[]
  readonly words: readonly string[]
  readonly isSure: boolean
}
type Command = (input: CommandInput) => Promise<string>

const asks =
  (name: string): Command =>
  async ({ config, words }) => {
    const answer = await askRelay(config.dataDir, name, words[0] ?? '')
    if (!answer) throw new Error(`no relay runs on ${config.dataDir}; set KITH_DATA_DIR to the folder of the one that you mean`)
    if (!answer.ok) throw new Error(answer.message)
    return JSON.stringify(answer.value, undefined, 2)
  }

const COMMANDS: Readonly<Record<string, Command>> = {
  status: asks('status'),
  quota: asks('quota'),
  purge: asks('purge'),
  block: asks('block'),
  unblock: asks('unblock'),
  backup,
  restore,
  'rotate-key': rotateKey,
  'check-config': checkConfig,
}

export async function runCommand(name: string, args: readonly string[]): Promise<number> {
  // Whatever it writes is for the relay's own user only.
  process.umask(0o077)
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (!command) throw new Error(`there is no command ${name} (see --help)`)
    const defaultDist = fileURLToPath(new URL('../../../dist', import.meta.url))
    const place = { cwd: process.cwd(), defaultDist, wordsMax: 1 }
    const parsed = parseConfig(
      process.env,
      args.filter((arg) => arg !== '--yes'),
      place,
    )
    if (parsed.kind === 'invalid') throw new Error(parsed.message)
    const text =
      parsed.kind === 'help'
        ? parsed.text
        : await command({ config: parsed.config, given: parsed.given, words: parsed.words, isSure: args.includes('--yes') })
    process.stdout.write(`${text}\n`)
    return 0
  } catch (error) {
    process.stderr.write(`Kith: ${messageOf(error)}\n`)
    return 1
  }
}
