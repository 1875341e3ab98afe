// One signature for all answers of a moment: their statements are paired, and the pairs paired, until one is left to sign. Each answer carries what
// leads from its own statement to that one (docs/protocol.md §8.2), and says nothing of the others.

import { pairedStatement, PROOF_STEPS_MAX } from '@kith/protocol'
import type { ProofStep } from '@kith/protocol'

export type Proof = { readonly signature: Uint8Array; readonly path: readonly ProofStep[] }
export type Prove = (statement: Uint8Array) => Promise<Proof>

type Asked = { readonly statement: Uint8Array; readonly resolve: (proof: Proof) => void; readonly reject: (error: unknown) => void }
/** `paths`: of the statements that it stands for, in the order in which they were asked for. */
type Node = { readonly statement: Uint8Array; readonly paths: readonly (readonly ProofStep[])[] }

const TREE_LEAVES = 2 ** PROOF_STEPS_MAX

/** `soon` calls back when everything of this moment was asked for. */
export function createProver(sign: (statement: Uint8Array) => Uint8Array, soon: (work: () => void) => void): Prove {
  let waiting: Asked[] = []
  const signAll = (): void => {
    const asked = waiting
    waiting = []
    if (asked.length === 0) return
    try {
      const { statement, paths } = treeOf(asked.map((one) => one.statement))
      const signature = sign(statement)
      for (const [at, { resolve }] of asked.entries()) resolve({ signature, path: paths[at] ?? [] })
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
  return (statement) =>
    new Promise((resolve, reject) => {
      const count = waiting.push({ statement, resolve, reject })
      if (count === 1) soon(signAll)
      if (count === TREE_LEAVES) signAll()
    })
}

/** Where their number is odd, the last one waits for a pair further up. */
function treeOf(statements: readonly Uint8Array[]): Node {
  let nodes: readonly Node[] = statements.map((statement) => ({ statement, paths: [[]] }))
  while (nodes.length > 1) {
    nodes = nodes.flatMap((first, at) => {
      const second = nodes[at + 1]
      if (at % 2 === 1) return []
      return second ? [paired(first, second)] : [first]
    })
  }
  return nodes[0] as Node
}

function paired(first: Node, second: Node): Node {
  const withStep = (node: Node, step: ProofStep) => node.paths.map((path) => [...path, step])
  return {
    statement: pairedStatement(first.statement, second.statement),
    paths: [
      ...withStep(first, { isSecond: true, other: second.statement }),
      ...withStep(second, { isSecond: false, other: first.statement }),
    ],
  }
}
