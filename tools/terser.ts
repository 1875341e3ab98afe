// Makes scripts smaller than the bundler's own minifier does, which goes over what is left here once more: a second pass finds what the first one opened up.

import { minify } from 'terser'
import type { Plugin } from 'vite'

export const terser = (): Plugin => ({
  name: 'kith:terser',
  apply: 'build',
  renderChunk: {
    order: 'post',
    async handler(code) {
      const { code: smaller } = await minify(code, {
        module: true,
        compress: { passes: 3, ecma: 2020 },
        format: { comments: false, ecma: 2020 },
      })
      return smaller === undefined ? null : { code: smaller, map: null }
    },
  },
})
