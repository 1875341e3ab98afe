// What is said about voice messages, videos, the camera, and what files take on this device. Loaded with them.

import { createWords } from './language/catalogue.ts'

export const voiceWords = createWords('voice')
