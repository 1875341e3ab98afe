// How the app is built, and which tests belong to which workspace. One file, so that `vite` and `vitest` never disagree.

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { componentNumber } from './tools/component-number.ts'
import { compressed } from './tools/compress.ts'
import { emoji } from './tools/emoji.ts'
import { INSTEAD } from './tools/instead.ts'
import { nativeCurves } from './tools/native-curves.ts'
import { networkChunk } from './tools/network-chunk.ts'
import { notices } from './tools/notices.ts'
import { oneDoor } from './tools/one-door.ts'
import { terser } from './tools/terser.ts'
import { precache } from './tools/precache.ts'
import type { Rolldown } from 'vite'

const BROWSERS = ['chrome120', 'edge120', 'firefox121', 'safari17.4']

// Of what the first screen imports, what is drawn with, and the helpers of the build: left to themselves, these may lie in a chunk that imports this one.
// The protocol's door leads to all of it, of which the page needs a few words.
const IN_PAGE = /\/app\/src\/(?!adapters)|\/node_modules\/(?:vue|@vue|pinia|@lucide)\/|export-helper|preload-helper/

// All else of the page but its languages. Whichever of these parts comes first brings the others with it, since each is made of parts of others; so one
// chunk costs nobody a wait, and packs better than any cut.
const BESIDE = /\/app\/src\/(?!adapters|session|features\/language\/(?:[a-z]{2}|zh-Hans)\/)|\/node_modules\//

type Graph = { readonly getModuleInfo: (id: string) => Rolldown.ModuleInfo | null }

/** Whether `by` imports a module without being asked to. Together such modules pack better than in a chunk for each way of sharing. */
function isNeededAtOnce(by: string, id: string, graph: Graph): boolean {
  const seen = new Set<string>()
  const importedBy = (from: string): boolean => {
    if (seen.has(from)) return false
    seen.add(from)
    return from.includes(by) || (graph.getModuleInfo(from)?.importers ?? []).some(importedBy)
  }
  return importedBy(id)
}

// What the engine loads after the first view, and what it loads when somebody searches or sends a file: a few per cent of the whole, which pack better with it.
const LATER = ['host/later.ts', 'host/search/index.ts', 'host/attachments/index.ts', 'files/file-store.ts']

/** The page's network runs without an engine, so what it needs of these lies elsewhere. */
const isOfLater = (id: string, graph: Graph): boolean =>
  LATER.some((by) => isNeededAtOnce(by, id, graph)) && !isNeededAtOnce('libp2p/network.ts', id, graph)

/** The service worker keeps what belongs to one language for those who read it. */
function languageTag(id: string | null): string {
  const language = /features\/language\/([\w-]+)\/|virtual:emoji\/([\w-]+)/.exec(id ?? '')
  return language === null ? '' : `${language[1] ?? language[2]}.`
}

/**
 * Tests of many devices that talk, which would spend half of their time on curves: theirs are OpenSSL's. With those that ship run all others, among them
 * the vectors, each module's own tests and whole lives (simulation.test.ts).
 */
const LIVES = 'test/{scenario/**/*,membership/**/*,simulation/planted}.test.ts'

const IMPORTS_SETTLED = `${import.meta.dirname}/tools/imports-settled.ts`

const licences = notices(import.meta.dirname)
const network = networkChunk()

export default defineConfig({
  // Vitest reads this file too, and its projects name their own roots.
  root: process.env['VITEST'] === undefined ? 'app' : '.',
  plugins: [
    oneDoor(`${import.meta.dirname}/app/src`, (path) => BESIDE.test(path)),
    vue({ features: { optionsAPI: false, componentIdGenerator: componentNumber(`${import.meta.dirname}/app`) } }),
    emoji(),
    network.page,
    licences.page,
    terser(),
    precache({ entry: 'src/sw/sw.ts', target: BROWSERS }),
    compressed(),
  ],
  resolve: { alias: INSTEAD },
  worker: {
    format: 'es',
    plugins: () => [network.worker(), licences.worker(), terser()],
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        // They are for whoever bundles once more.
        comments: { annotation: false, jsdoc: false },
        codeSplitting: {
          groups: [
            { debugName: 'engine', name: (id, graph) => (isNeededAtOnce('engine-worker.ts', id, graph) ? 'engine' : null) },
            { debugName: 'later', name: (id, graph) => (isOfLater(id, graph) ? 'later' : null) },
          ],
        },
      },
    },
  },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: BROWSERS,
    sourcemap: false,
    // The page's content security policy allows neither inline scripts nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId }) => `assets/${languageTag(facadeModuleId)}[name]-[hash].js`,
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { debugName: 'first', test: IN_PAGE, name: (id, graph) => (isNeededAtOnce('app/src/main.ts', id, graph) ? 'first' : null) },
            { debugName: 'beside', test: BESIDE, name: 'beside' },
          ],
        },
      },
    },
    reportCompressedSize: false,
    // The engine and the network are big on purpose and come lazily; tools/size.ts holds the real budgets.
    chunkSizeWarningLimit: 900,
  },
  test: {
    // Vitest leaves one processor to itself, which it does not use: of two that is one half.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'protocol',
          root: 'protocol',
          include: ['{src,test}/**/*.test.ts'],
          exclude: [LIVES],
          setupFiles: [IMPORTS_SETTLED, `${import.meta.dirname}/protocol/test/part.ts`],
          environment: 'node',
          testTimeout: 20_000,
          // What modules keep here are only keys that were seen before, so one start of a worker serves many files.
          isolate: false,
        },
      },
      {
        plugins: [nativeCurves()],
        test: {
          name: 'lives',
          // A module that was kept says where its imports lie, which is elsewhere with other curves.
          fsModuleCache: false,
          root: 'protocol',
          include: [LIVES],
          setupFiles: [IMPORTS_SETTLED, `${import.meta.dirname}/protocol/test/part.ts`],
          environment: 'node',
          testTimeout: 20_000,
          isolate: false,
        },
      },
      {
        test: {
          name: 'signal-server',
          root: 'signal-server',
          include: ['{src,test}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
          isolate: false,
        },
      },
      {
        test: {
          name: 'app',
          root: 'app',
          include: ['src/**/*.test.ts'],
          setupFiles: [IMPORTS_SETTLED, `${import.meta.dirname}/app/src/features/language/testing/speak-english.ts`],
          environment: 'node',
          testTimeout: 20_000,
          hookTimeout: 60_000,
          isolate: false,
        },
      },
      { test: { name: 'oracles', root: 'oracles', include: ['**/*.test.ts'], environment: 'node', testTimeout: 60_000 } },
      { test: { name: 'tools', root: 'tools', include: ['**/*.test.ts'], environment: 'node', testTimeout: 30_000 } },
    ],
  },
})
