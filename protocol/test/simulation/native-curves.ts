// Preloaded where curves cost most and are not what is looked at: whoever imports crypto/sign.ts, crypto/agree.ts or
// crypto/kem.ts from here on gets native-crypto.ts.

import { replaceModules } from './replace-modules.ts'

replaceModules([
  { wanted: '../../src/crypto/sign.ts', given: 'native-crypto.ts' },
  { wanted: '../../src/crypto/agree.ts', given: 'native-crypto.ts' },
  { wanted: '../../src/crypto/kem.ts', given: 'native-crypto.ts' },
])
