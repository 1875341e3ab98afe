// What tools/network-chunk.ts makes when the app is built.

declare module 'virtual:network' {
  // oxlint-disable-next-line typescript/consistent-type-imports -- A module that is only declared cannot import from beside it.
  export const importNetwork: () => Promise<typeof import('./adapters/libp2p/network.ts')>
}
