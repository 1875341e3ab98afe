// The page's network is bundled with the engine's worker instead of with the page: both need the same cryptography and the same codecs, and what two bundles
// need is there twice (docs/decisions/0050). The page loads the network by its address.

import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const SOURCE = fileURLToPath(new URL('../app/src/adapters/libp2p/network.ts', import.meta.url))
const ID = 'virtual:network'
/** Other workers of the page need none of it. */
const isEngine = (entry: string): boolean => entry.includes('engine.worker')
const AS_IT_IS = `export const importNetwork = () => import(${JSON.stringify(SOURCE)})`

/** For a page that has no such worker: it imports the network as it is. */
export const networkFromSource = (): Plugin => ({
  name: 'kith:network',
  resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
  load: (id) => (id === `\0${ID}` ? AS_IT_IS : undefined),
})

/** `worker` bundles the network, and `page` is told where it lies. A page that is served from its sources imports it as it is. */
export function networkChunk(): { readonly page: Plugin; readonly worker: () => Plugin } {
  let built = Promise.withResolvers<string>()
  return {
    worker: () => {
      let network = ''
      return {
        name: 'kith:network-beside-engine',
        apply: 'build',
        buildStart({ input }) {
          if (Object.values(input).some(isEngine))
            network = this.emitFile({ type: 'chunk', id: SOURCE, name: 'network', preserveSignature: 'strict' })
        },
        generateBundle() {
          if (network !== '') built.resolve(`/${this.getFileName(network)}`)
        },
      }
    },
    page: {
      name: 'kith:network',
      resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
      buildStart() {
        built = Promise.withResolvers<string>()
      },
      async load(id) {
        if (id !== `\0${ID}`) return undefined
        if (this.environment.config.command === 'serve') return AS_IT_IS
        const at = JSON.stringify(await built.promise)
        return `const at = ${at}\nexport const importNetwork = () => import(/* @vite-ignore */ at)`
      },
    },
  }
}
