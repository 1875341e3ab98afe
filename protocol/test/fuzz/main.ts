// npm run fuzz -- --seconds N [--executions N] [--seed S] [--only TEXT] [--input HEX]: mutated bytes for every decoder, the time shared by all. One JSON
// line for each, and of what broke a promise the shortest input with the command that tries it again. Exit 1 when anything did.

import { parseArgs } from 'node:util'
import { fromHex, toHex } from '../../src/bytes/bytes.ts'
import { allDecoders } from './decoders.ts'
import { failureOf, fuzz } from './run.ts'
import type { Decoder } from './decoder.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    /** Of each decoder, in the place of a time. */
    executions: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** Decoders whose names have this in them. */
    only: { type: 'string', default: '' },
    input: { type: 'string' },
  },
})

const whole = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}

const decoders = (await allDecoders()).filter(({ name }) => name.includes(values.only))
if (decoders.length === 0) throw new Error(`no decoder is called ${values.only}`)
if (values.input === undefined) fuzzAll(decoders)
else replay(decoders, fromHex(values.input))

function fuzzAll(all: readonly Decoder[]): void {
  const seed = whole('seed', values.seed)
  const bound =
    values.executions === undefined
      ? { ms: (whole('seconds', values.seconds) * 1_000) / all.length }
      : { executions: whole('executions', values.executions) }
  let [executions, failures] = [0, 0]
  for (const decoder of all) {
    const result = fuzz(decoder, { seed, ...bound })
    executions += result.executions
    failures += result.failures.length
    const told = result.failures.map(({ kind, what, input }) => ({
      kind,
      what,
      replay: `npm run fuzz -- --only '${decoder.name}' --input ${toHex(input)}`,
    }))
    console.log(JSON.stringify({ ...result, failures: told }))
  }
  console.log(JSON.stringify({ fuzz: 'decoders', decoders: all.length, executions, failures, seed }))
  if (failures > 0) process.exitCode = 1
}

function replay(all: readonly Decoder[], input: Uint8Array): void {
  for (const decoder of all) {
    const failure = failureOf(decoder, input)
    console.log(
      JSON.stringify({ decoder: decoder.name, outcome: failure === undefined ? 'as promised' : `${failure.kind}: ${failure.what}` }),
    )
    if (failure !== undefined) process.exitCode = 1
  }
}
